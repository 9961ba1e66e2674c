#include "support/tds_server/tsql/program.hpp"

#include <algorithm>

#include "support/tds_server/protocol/sql_error.hpp"
#include "support/tds_server/tsql/statement_end.hpp"

namespace flowdb::tds_server {
namespace {

class ProgramParser {
 public:
  explicit ProgramParser(Lexemes lexemes) : lexemes_{std::move(lexemes)} {}

  std::vector<Node> parse() {
    std::vector<Node> nodes;
    for (;;) {
      skip_semicolons();
      if (here().kind == LexemeKind::end) return nodes;
      nodes.push_back(statement());
    }
  }

 private:
  const Lexeme& here() const { return lexemes_[at_]; }
  const Lexeme& next() const { return lexemes_[std::min(at_ + 1, lexemes_.size() - 1)]; }

  void skip_semicolons() {
    while (here().is_symbol(";")) ++at_;
  }

  void expect(std::string_view word) {
    if (!here().is(word)) fail_near(here());
    ++at_;
  }

  Lexemes taken_until(std::size_t end) {
    Lexemes taken{lexemes_.begin() + static_cast<std::ptrdiff_t>(at_),
                  lexemes_.begin() + static_cast<std::ptrdiff_t>(end)};
    taken.push_back({LexemeKind::end, {}, lexemes_[end].line, true});
    at_ = end;
    return taken;
  }

  Node statement() {
    if (here().is("IF")) return conditional(NodeKind::condition);
    if (here().is("WHILE")) return conditional(NodeKind::loop);
    if (here().is("BEGIN") && next().is("TRY")) return guarded();
    if (here().is("BEGIN") && !next().is_any("TRAN", "TRANSACTION", "DISTRIBUTED")) {
      ++at_;
      Node node;
      node.kind = NodeKind::block;
      node.body = statements_until_end();
      return node;
    }
    if (here().is_any("END", "ELSE") || here().kind == LexemeKind::symbol) fail_near(here());
    Node node;
    node.lexemes = taken_until(statement_end(lexemes_, at_));
    return node;
  }

  /// Takes the END as well.
  std::vector<Node> statements_until_end() {
    std::vector<Node> nodes;
    for (;;) {
      skip_semicolons();
      if (here().is("END")) break;
      if (here().kind == LexemeKind::end) fail_near(here());
      nodes.push_back(statement());
    }
    ++at_;
    return nodes;
  }

  Node conditional(NodeKind kind) {
    ++at_;
    Node node;
    node.kind = kind;
    node.lexemes = taken_until(condition_end(lexemes_, at_));
    node.body.push_back(statement());
    const std::size_t behind = at_;
    skip_semicolons();
    if (kind == NodeKind::condition && here().is("ELSE")) {
      ++at_;
      node.otherwise.push_back(statement());
    } else {
      at_ = behind;
    }
    return node;
  }

  Node guarded() {
    at_ += 2;
    Node node;
    node.kind = NodeKind::guarded;
    node.body = statements_until_end();
    expect("TRY");
    skip_semicolons();
    expect("BEGIN");
    expect("CATCH");
    node.otherwise = statements_until_end();
    expect("CATCH");
    return node;
  }

  Lexemes lexemes_;
  std::size_t at_ = 0;
};

}  // namespace

void fail_near(const Lexeme& lexeme) {
  SqlError error{102, "Incorrect syntax near '" + std::string{lexeme.text} + "'.", 15,
                 ErrorScope::batch};
  error.set_line(lexeme.line);
  throw error;
}

std::vector<Node> parse_program(std::string_view text) {
  return ProgramParser{read_lexemes(text)}.parse();
}

}  // namespace flowdb::tds_server
