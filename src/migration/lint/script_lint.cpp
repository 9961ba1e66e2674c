#include "migration/lint/script_lint.hpp"

#include <algorithm>
#include <utility>

#include <flowdb/error.hpp>

#include "core/utf8.hpp"
#include "migration/lint/checks.hpp"
#include "migration/lint/ignore_comments.hpp"
#include "migration/lint/parse_tree.hpp"
#include "migration/postgresql/statement_rule.hpp"
#include "sql/lexer.hpp"
#include "sql/script.hpp"

namespace flowdb::migration::lint {

namespace {

Rule rule_named(const std::string& name) {
  if (const auto rule = find_rule(name)) return *rule;
  throw InvalidArgument("There is no lint rule '" + name + "'; lint_rules() has them all.");
}

bool needs_transaction(std::string_view text, const sql::ScriptStatement& statement) {
  return postgresql::rule_of(text, statement) == postgresql::StatementRule::transactional;
}

/// Goes through one script.
class ScriptLint {
 public:
  ScriptLint(std::string_view text, const RuleSet& rules) : text_(text), rules_(rules) {}

  std::vector<Complaint> run(const LintOptions& options) {
    if (const auto offset = utf8::first_invalid(text_)) {
      return {{Rule::syntax_error, *offset, "The script is not valid UTF-8 here."}};
    }
    try {
      statements_ = sql::split_script(text_, sql::postgresql_dialect());
    } catch (const sql::LexicalError& error) {
      return {{Rule::syntax_error, error.offset(), error.what()}};
    }
    comments_ = find_ignore_comments(text_, statements_);
    const auto of_statements = std::stable_partition(
        comments_.begin(), comments_.end(), [](const auto& comment) { return !comment.statement; });
    for_script_ = static_cast<std::size_t>(of_statements - comments_.begin());
    next_comment_ = for_script_;
    used_.resize(comments_.size());
    state_.has_lock_timeout = options.has_lock_timeout;
    state_.has_transactional_parts =
        std::any_of(statements_.begin(), statements_.end(),
                    [&](const auto& statement) { return needs_transaction(text_, statement); });
    for (std::size_t index = 0; index < statements_.size(); ++index) look_at(index);
    complain_of_comments();
    return std::move(kept_);
  }

  std::size_t statement_count() const noexcept { return statements_.size(); }

 private:
  void look_at(std::size_t index) {
    const auto& statement = statements_[index];
    if (statement.is_client_command()) return;  // the migrator refuses it
    const auto text = text_.substr(statement.begin, statement.end - statement.begin);
    const auto tree = parse(text);
    std::vector<Complaint> complaints;
    if (!tree.error.empty()) {
      complaints.push_back({Rule::syntax_error, statement.begin + tree.error_offset,
                            "PostgreSQL's parser: " + tree.error + "."});
    } else {
      const Node root{tree.statement};
      const Subject subject{root.kind(), root.inside(), text, statement.begin, state_, complaints};
      for (auto* check : {check_alter_table, check_column_types, check_indexes, check_removals,
                          check_definitions, check_lock_timeout}) {
        check(subject);
      }
      learn(subject, state_);
    }
    for (auto& complaint : complaints) keep(std::move(complaint), index);
  }

  void keep(Complaint complaint, std::size_t statement) {
    if (!rules_.has(complaint.rule)) return;
    bool is_silenced = false;
    const auto ask = [&](std::size_t index) {
      if (!comments_[index].silences(complaint.rule, statement)) return;
      is_silenced = true;
      used_[index] = true;
    };
    for (std::size_t index = 0; index < for_script_; ++index) ask(index);
    // The statements come in order, so those of former ones are not asked again.
    while (next_comment_ < comments_.size() && *comments_[next_comment_].statement < statement) {
      ++next_comment_;
    }
    for (auto index = next_comment_;
         index < comments_.size() && *comments_[index].statement == statement; ++index) {
      ask(index);
    }
    if (!is_silenced) kept_.push_back(std::move(complaint));
  }

  void complain_of_comments() {
    if (!rules_.has(Rule::unused_ignore)) return;
    for (std::size_t index = 0; index < comments_.size(); ++index) {
      const auto& comment = comments_[index];
      for (const auto& name : comment.unknown_names) {
        kept_.push_back({Rule::unused_ignore, comment.offset, "There is no rule '" + name + "'."});
      }
      if (comment.unknown_names.empty() && !used_[index]) {
        kept_.push_back({Rule::unused_ignore, comment.offset, {}});
      }
    }
  }

  std::string_view text_;
  const RuleSet& rules_;
  std::vector<sql::ScriptStatement> statements_;
  std::vector<IgnoreComment> comments_;  // those for the whole script first
  std::size_t for_script_ = 0;
  std::size_t next_comment_ = 0;
  std::vector<bool> used_;
  ScriptState state_;
  std::vector<Complaint> kept_;
};

}  // namespace

RuleSet::RuleSet(const LintOptions& options) {
  for (std::size_t index = 0; index < kRuleCount; ++index) {
    on_[index] = !describe(static_cast<Rule>(index)).is_opt_in;
  }
  for (const auto& name : options.included_rules) {
    on_[static_cast<std::size_t>(rule_named(name))] = true;
  }
  for (const auto& name : options.excluded_rules) {
    on_[static_cast<std::size_t>(rule_named(name))] = false;
  }
}

void lint_script(const std::string& script, std::string_view contents, const RuleSet& rules,
                 const LintOptions& options, LintReport& report) {
  ScriptLint lint{contents, rules};
  auto complaints = lint.run(options);
  std::stable_sort(complaints.begin(), complaints.end(),
                   [](const auto& left, const auto& right) { return left.offset < right.offset; });
  sql::PositionCounter positions{contents};
  for (auto& complaint : complaints) {
    if (!rules.has(complaint.rule)) continue;
    const auto position = positions.advance_to(complaint.offset);
    const auto& rule = describe(complaint.rule);
    auto message = complaint.message.empty() ? std::string{rule.message} : complaint.message;
    report.findings.push_back({script, static_cast<int>(position.line),
                               static_cast<int>(position.column), std::string{rule.name},
                               std::move(message), std::string{rule.remedy}});
  }
  ++report.scripts;
  report.statements += lint.statement_count();
}

}  // namespace flowdb::migration::lint
