#pragma once

#include <string>
#include <string_view>

#include <flowdb/error.hpp>

#include "migration/session_facts.hpp"

namespace flowdb::migration::postgresql {

/// What to do about the server's refusal of a statement that begins with the word `verb`; empty
/// when nothing better than the server's own words can be said. For a missing right (42501), the
/// GRANT that gives it, by the server's English message.
std::string advice_for(const ErrorFacts& facts, std::string_view verb, const SessionFacts& session);

/// `Have its owner or a superuser run: GRANT CREATE ON SCHEMA public TO app;`
std::string grant_advice(std::string_view privileges_and_object, const SessionFacts& session);

}  // namespace flowdb::migration::postgresql
