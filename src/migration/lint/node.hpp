#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace flowdb::migration::lint {

/// A node of a parse tree, or none: asking a node that is not there for anything gives another that
/// is not there, an empty text, false. Points into the tree.
class Node {
 public:
  Node() = default;
  explicit Node(const nlohmann::json& value) : value_(&value) {}

  explicit operator bool() const noexcept { return value_ != nullptr; }

  Node operator[](std::string_view key) const {
    if (value_ == nullptr || !value_->is_object()) return {};
    const auto found = value_->find(key);
    return found == value_->end() ? Node{} : Node{*found};
  }

  /// The entries of a list; of anything else none.
  std::vector<Node> entries() const {
    std::vector<Node> found;
    if (value_ == nullptr || !value_->is_array()) return found;
    for (const auto& entry : *value_) found.push_back(Node{entry});
    return found;
  }

  /// Lists name what their entries are: `{"IndexStmt": {…}}` has the kind `IndexStmt`.
  std::string kind() const {
    const bool is_named = value_ != nullptr && value_->is_object() && value_->size() == 1;
    return is_named ? value_->begin().key() : std::string{};
  }
  Node inside() const { return (*this)[kind()]; }

  std::string text() const {
    return value_ != nullptr && value_->is_string() ? value_->get<std::string>() : std::string{};
  }
  bool is(std::string_view text) const {
    return value_ != nullptr && value_->is_string() &&
           value_->get_ref<const std::string&>() == text;
  }
  bool is_true() const { return value_ != nullptr && value_->is_boolean() && value_->get<bool>(); }

  /// Byte in the statement; what the tree leaves out is 0.
  std::size_t location() const {
    const auto found = (*this)["location"];
    const bool is_number = found && found.value_->is_number_unsigned();
    return is_number ? found.value_->get<std::size_t>() : 0;
  }

  /// Calls `visit(kind, node)` for this node and every one below it that has a kind.
  template <typename Visit>
  void walk(const Visit& visit) const {
    if (value_ == nullptr) return;
    if (value_->is_object()) {
      for (const auto& [key, child] : value_->items()) {
        if (child.is_object()) visit(key, Node{child});
        Node{child}.walk(visit);
      }
    } else if (value_->is_array()) {
      for (const auto& child : *value_) Node{child}.walk(visit);
    }
  }

 private:
  const nlohmann::json* value_ = nullptr;
};

/// The last of a list of strings, which is the name without its schema.
inline std::string last_name(const Node& names) {
  const auto entries = names.entries();
  return entries.empty() ? std::string{} : entries.back()["String"]["sval"].text();
}

/// `schema.table` or `table`, as the script names it.
inline std::string relation_name(const Node& relation) {
  const auto schema = relation["schemaname"].text();
  const auto name = relation["relname"].text();
  return schema.empty() ? name : schema + "." + name;
}

}  // namespace flowdb::migration::lint
