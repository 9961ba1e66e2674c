#include "sql/lexer.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "sql/text_position.hpp"

namespace flowdb::sql {
namespace {

using namespace std::string_view_literals;

char letter_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return 'e';
    case TokenKind::comment:
      return 'c';
    case TokenKind::word:
      return 'w';
    case TokenKind::quoted_identifier:
      return 'q';
    case TokenKind::string:
      return 's';
    case TokenKind::number:
      return 'n';
    case TokenKind::parameter:
      return 'p';
    case TokenKind::positional_parameter:
      return '$';
    case TokenKind::escaped_colon:
      return '\\';
    case TokenKind::symbol:
      return '.';
  }
  return '!';
}

/// Every token as its kind's letter and its text in ‹›.
std::string tokens(std::string_view text, const Dialect& dialect) {
  Lexer lexer{text, dialect};
  std::string result;
  for (auto token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    EXPECT_EQ(text.substr(token.begin, token.text.size()), token.text);
    result += letter_of(token.kind);
    result.append("‹").append(token.text).append("›");
  }
  EXPECT_EQ(lexer.next().kind, TokenKind::end);
  return result;
}

struct Case {
  std::string_view text;
  std::string_view expected;
};

TEST(Lexer, TakesPostgresqlTextApart) {
  const Case cases[] = {
      {"", ""},
      {" \t\r\n\f\v", ""},
      {"select Größe_1 from a$b$c", "w‹select›w‹Größe_1›w‹from›w‹a$b$c›"},
      // literals
      {"'a''b' ''", "s‹'a''b'›s‹''›"},
      {R"('a\' x)", R"(s‹'a\'›w‹x›)"},
      {R"(E'a\'b' e'\\' E'a''b')", R"(s‹E'a\'b'›s‹e'\\'›s‹E'a''b'›)"},
      {"E'a'\n  'b\\'c' x", "s‹E'a'\n  'b\\'c'›w‹x›"},
      {"E'a' -- why\n'b\\'c' x", "s‹E'a' -- why\n'b\\'c'›w‹x›"},
      {"E'a' 'b\\' x", "s‹E'a'›s‹'b\\'›w‹x›"},
      {"E'a' /*\n*/ 'b\\' x", "s‹E'a'›c‹/*\n*/›s‹'b\\'›w‹x›"},
      {R"(U&'d\0061' u&"d\0061" U & 'x')", R"(s‹U&'d\0061'›q‹u&"d\0061"›w‹U›.‹&›s‹'x'›)"},
      {R"(B'01' x'1F' n'a\' name'b')", R"(s‹B'01'›s‹x'1F'›s‹n'a\'›w‹name›s‹'b'›)"},
      {"DATE'2024-01-01'", "w‹DATE›s‹'2024-01-01'›"},
      {"$$a'b$$ $t$a$$b$t$", "s‹$$a'b$$›s‹$t$a$$b$t$›"},
      {"$größe$:x$größe$", "s‹$größe$:x$größe$›"},
      {"$a$ $A$ $a$", "s‹$a$ $A$ $a$›"},
      {"$a$b$a$a$ 1", "s‹$a$b$a$›w‹a$›n‹1›"},
      {"$1$$x$$", "$‹$1›s‹$$x$$›"},
      {"$1 $23a $ $a", "$‹$1›$‹$23›w‹a›.‹$›.‹$›w‹a›"},
      // identifiers
      {R"("a""b" "x:y")", R"(q‹"a""b"›q‹"x:y"›)"},
      {"a[1]", "w‹a›.‹[›n‹1›.‹]›"},
      // comments
      {"a--b :x\nc--", "w‹a›c‹--b :x›w‹c›c‹--›"},
      {"--b\r\nc", "c‹--b›w‹c›"},
      {"/* a /* :x */ ' */b/**/", "c‹/* a /* :x */ ' */›w‹b›c‹/**/›"},
      {"'--' /*/ */", "s‹'--'›c‹/*/ */›"},
      // numbers
      {"1 1.5 .5 1. 1e5 1E-5 0x1F 1_000 1..2",
       "n‹1›n‹1.5›n‹.5›n‹1.›n‹1e5›n‹1E-5›n‹0x1F›n‹1_000›n‹1›.‹.›n‹.2›"},
      {"1end 1e", "n‹1›w‹end›n‹1›w‹e›"},
      // colons
      {":a=:_b1", "p‹:a›.‹=›p‹:_b1›"},
      {"a::int :b::text", "w‹a›.‹::›w‹int›p‹:b›.‹::›w‹text›"},
      {"a := :b", "w‹a›.‹:=›p‹:b›"},
      {": a :1 :", ".‹:›w‹a›.‹:›n‹1›.‹:›"},
      {":::a", ".‹::›.‹:›w‹a›"},
      {R"(\:a \\ \::a)", R"(\‹\:›w‹a›.‹\›.‹\›\‹\:›.‹:›w‹a›)"},
      {"a[1:2] a[i:j] a[1:n] a[f(x):n] a[b[1]:n]",
       "w‹a›.‹[›n‹1›.‹:›n‹2›.‹]›w‹a›.‹[›w‹i›.‹:›w‹j›.‹]›w‹a›.‹[›n‹1›.‹:›w‹n›.‹]›"
       "w‹a›.‹[›w‹f›.‹(›w‹x›.‹)›.‹:›w‹n›.‹]›w‹a›.‹[›w‹b›.‹[›n‹1›.‹]›.‹:›w‹n›.‹]›"},
      {"a[:i] a[:i:2] a[:i: :j] a[:]",
       "w‹a›.‹[›p‹:i›.‹]›w‹a›.‹[›p‹:i›.‹:›n‹2›.‹]›w‹a›.‹[›p‹:i›.‹:›p‹:j›.‹]›w‹a›.‹[›.‹:›.‹]›"},
      {"ARRAY[:a, b OR :c]", "w‹ARRAY›.‹[›p‹:a›.‹,›w‹b›w‹OR›p‹:c›.‹]›"},
      {R"(JSON_OBJECT('k':v, "c":w, 'k': :p))",
       R"(w‹JSON_OBJECT›.‹(›s‹'k'›.‹:›w‹v›.‹,›q‹"c"›.‹:›w‹w›.‹,›s‹'k'›.‹:›p‹:p›.‹)›)"},
      {"/**/:a", "c‹/**/›p‹:a›"},
      // operators
      {"a ?| b ?:c @> d", "w‹a›.‹?›.‹|›w‹b›.‹?›p‹:c›.‹@›.‹>›w‹d›"},
      {"a@b #>> c", "w‹a›.‹@›w‹b›.‹#›.‹>›.‹>›w‹c›"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(tokens(each.text, postgresql_dialect()), each.expected) << each.text;
  }
}

TEST(Lexer, TakesSqlServerTextApart) {
  const Case cases[] = {
      {"[a]]b:c] [x]:y", "q‹[a]]b:c]›q‹[x]›.‹:›w‹y›"},
      {"@a @@rowcount #t ##t a@b#c$d", "w‹@a›w‹@@rowcount›w‹#t›w‹##t›w‹a@b#c$d›"},
      {"N'a''b' n'x' E'a\\' B'1'", "s‹N'a''b'›s‹n'x'›w‹E›s‹'a\\'›w‹B›s‹'1'›"},
      {"$$a$$ $12.50 $action", ".‹$›.‹$›w‹a$$›n‹$12.50›.‹$›w‹action›"},
      {"a = ? AND b=:b", "w‹a›.‹=›$‹?›w‹AND›w‹b›.‹=›p‹:b›"},
      {"geography::Point(:x)", "w‹geography›.‹::›w‹Point›.‹(›p‹:x›.‹)›"},
      {"/* /* */ [ */ -- [\n[:x]", "c‹/* /* */ [ */›c‹-- [›q‹[:x]›"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(tokens(each.text, sqlserver_dialect()), each.expected) << each.text;
  }
}

TEST(Lexer, RefusesWhatIsNeverClosed_NamingItAndItsLine) {
  struct Refusal {
    std::string_view text;
    std::string_view what;
    std::size_t offset;
  };
  const Refusal refusals[] = {
      {"a\n'b''", "A string literal is never closed; close it with ' (line 2).", 2},
      {"\r\n\r\nE'b\\'", "A string literal is never closed; close it with ' (line 3).", 5},
      {"E'b\\", "A string literal is never closed; close it with ' (line 1).", 1},
      {"E'a'\n'b", "A string literal is never closed; close it with ' (line 1).", 1},
      {"a \"b\"\"", "A quoted identifier is never closed; close it with \" (line 1).", 2},
      {"\n$t$ $T$ $$",
       "A dollar-quoted string is never closed; close it with the $t$ that opened it (line 2).", 1},
      {"a /* /* */", "A comment is never closed; close it with */ (comments nest) (line 1).", 2},
      {"a /*/", "A comment is never closed; close it with */ (comments nest) (line 1).", 2},
      {"a\nb\0"sv,
       "The SQL text holds a NUL character; remove it, or bind the value as a parameter (line 2).",
       3},
  };
  for (const auto& each : refusals) {
    try {
      tokens(each.text, postgresql_dialect());
      ADD_FAILURE() << "accepted: " << each.text;
    } catch (const LexicalError& error) {
      EXPECT_EQ(error.what(), each.what);
      EXPECT_EQ(error.offset(), each.offset) << each.text;
    }
  }
  EXPECT_THROW(tokens("[a]]", sqlserver_dialect()), LexicalError);
}

}  // namespace
}  // namespace flowdb::sql
