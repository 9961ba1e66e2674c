#include "sql/statement_classifier.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace flowdb::sql {

namespace {

struct VerbKind {
  std::string_view verb;
  StatementKind kind;
};

constexpr VerbKind kVerbKinds[] = {
    {"SELECT", StatementKind::read},
    {"VALUES", StatementKind::read},
    {"TABLE", StatementKind::read},
    {"SHOW", StatementKind::read},
    {"EXPLAIN", StatementKind::read},
    {"INSERT", StatementKind::write},
    {"UPDATE", StatementKind::write},
    {"DELETE", StatementKind::write},
    {"MERGE", StatementKind::write},
    {"CREATE", StatementKind::definition},
    {"ALTER", StatementKind::definition},
    {"DROP", StatementKind::definition},
    {"TRUNCATE", StatementKind::definition},
    {"GRANT", StatementKind::definition},
    {"REVOKE", StatementKind::definition},
    {"DENY", StatementKind::definition},
    {"COMMENT", StatementKind::definition},
    {"SECURITY", StatementKind::definition},
    {"REASSIGN", StatementKind::definition},
    {"IMPORT", StatementKind::definition},
    {"BEGIN", StatementKind::transaction},
    {"START", StatementKind::transaction},
    {"COMMIT", StatementKind::transaction},
    {"END", StatementKind::transaction},
    {"ROLLBACK", StatementKind::transaction},
    {"ABORT", StatementKind::transaction},
    {"SAVEPOINT", StatementKind::transaction},
    {"RELEASE", StatementKind::transaction},
    {"COPY", StatementKind::copy},
};

StatementKind kind_of(std::string_view verb) noexcept {
  const auto* found = std::find_if(std::begin(kVerbKinds), std::end(kVerbKinds),
                                   [&](const VerbKind& entry) { return entry.verb == verb; });
  return found == std::end(kVerbKinds) ? StatementKind::other : found->kind;
}

bool is_data_modifying(const Token& token) noexcept {
  return token.is_one_of("INSERT", "UPDATE", "DELETE", "MERGE");
}

bool begins_transaction(const Token& second_word) noexcept {
  return second_word.is_one_of("TRAN", "TRANSACTION", "DISTRIBUTED");
}

/// Statements that are about the session, or may do anything.
bool verb_touches_session(const Token& verb, const Dialect& dialect) noexcept {
  if (verb.is_one_of("SET", "DECLARE", "EXECUTE")) return true;
  if (dialect.statement_blocks) {
    return verb.is_one_of("EXEC", "USE", "DBCC", "OPEN", "REVERT", "IF", "WHILE", "BEGIN");
  }
  return verb.is_one_of("RESET", "LISTEN", "UNLISTEN", "PREPARE", "DEALLOCATE", "LOAD", "CALL",
                        "DO", "DISCARD");
}

/// Functions and names whose use outlives the statement: session-level advisory locks, settings,
/// temporary objects.
bool name_touches_session(const Token& word) noexcept {
  const char first = upper(word.text.front());
  if (first == '#') return true;
  if (first == 'S') return word.is_word("SET_CONFIG");
  return first == 'P' &&
         word.is_one_of("PG_TEMP", "PG_ADVISORY_LOCK", "PG_ADVISORY_LOCK_SHARED",
                        "PG_TRY_ADVISORY_LOCK", "PG_TRY_ADVISORY_LOCK_SHARED", "PG_ADVISORY_UNLOCK",
                        "PG_ADVISORY_UNLOCK_SHARED", "PG_ADVISORY_UNLOCK_ALL");
}

}  // namespace

void StatementClassifier::add(const Token& token) {
  if (token.is_symbol('(')) ++depth_;
  if (token.is_symbol(')') && depth_ > 0) --depth_;

  switch (part_) {
    case Part::start:
      start(token);
      break;
    case Part::with_name:
      if (!token.is_word("RECURSIVE")) part_ = Part::with_query;
      break;
    case Part::with_query:
      add_to_with(token);
      break;
    case Part::explain:
      add_to_explain(token);
      break;
    case Part::second_word:
      add_second(token);
      break;
    case Part::body:
      break;
  }
  if (token.kind == TokenKind::word) add_to_body(token);
  previous_ = token;
}

void StatementClassifier::start(const Token& token) {
  kind_ = StatementKind::other;
  if (token.is_symbol('(')) return;
  base_depth_ = depth_;
  part_ = Part::body;
  if (token.kind == TokenKind::word) set_verb(token);
}

void StatementClassifier::set_verb(const Token& word) {
  verb_ = to_upper(word.text);
  kind_ = kind_of(verb_);
  selects_ = verb_ == "SELECT";
  touches_session_ = verb_touches_session(word, dialect_);
  if (verb_ == "WITH") {
    part_ = Part::with_name;
  } else if (verb_ == "EXPLAIN") {
    part_ = Part::explain;
  } else if (word.is_one_of("CREATE", "SET", "PREPARE", "BEGIN", "SAVE")) {
    part_ = Part::second_word;
    if (dialect_.statement_blocks && verb_ == "BEGIN") kind_ = StatementKind::other;
  }
}

void StatementClassifier::add_to_with(const Token& token) {
  if (is_data_modifying(token) && previous_.is_symbol('(')) {
    kind_ = StatementKind::write;
  }
  if (depth_ != base_depth_) return;
  if (token.is_symbol(',')) {
    part_ = Part::with_name;
  } else if (is_data_modifying(token)) {
    kind_ = StatementKind::write;
    part_ = Part::body;
  } else if (token.is_one_of("SELECT", "VALUES", "TABLE")) {
    if (kind_ != StatementKind::write) kind_ = StatementKind::read;
    selects_ = token.is_word("SELECT");
    part_ = Part::body;
  }
}

void StatementClassifier::add_to_explain(const Token& token) {
  if (token.is_one_of("ANALYZE", "ANALYSE")) {
    kind_ = StatementKind::write;
    part_ = Part::body;
  } else if (token.kind == TokenKind::word && depth_ == base_depth_ && !token.is_word("VERBOSE")) {
    part_ = Part::body;
  }
}

void StatementClassifier::add_second(const Token& token) {
  part_ = Part::body;
  if (verb_ == "CREATE") {
    if (token.is_one_of("OR", "REPLACE", "LOCAL", "GLOBAL")) part_ = Part::second_word;
    if (token.is_one_of("TEMP", "TEMPORARY")) touches_session_ = true;
  } else if (verb_ == "SET") {
    const bool until_commit = token.is_one_of("LOCAL", "TRANSACTION", "CONSTRAINTS");
    if (until_commit && !dialect_.statement_blocks) touches_session_ = false;
  } else if (verb_ == "PREPARE" ? token.is_word("TRANSACTION") : begins_transaction(token)) {
    kind_ = StatementKind::transaction;
    touches_session_ = false;
  }
}

void StatementClassifier::add_to_body(const Token& word) {
  const bool is_name = previous_.is_word("AS") || previous_.is_symbol('.');
  if (selects_ && depth_ == base_depth_ && word.is_word("INTO") && !is_name) {
    kind_ = StatementKind::write;
  }
  if (selects_ && previous_.is_word("INTO") &&
      word.is_one_of("TEMP", "TEMPORARY", "LOCAL", "GLOBAL")) {
    touches_session_ = true;
  }
  if (name_touches_session(word)) touches_session_ = true;
}

}  // namespace flowdb::sql
