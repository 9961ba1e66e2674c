#pragma once

namespace flowdb::cli {

/// flowdb's records go to stderr: all of them, or warnings alone (what fails is told once, by the
/// command itself).
void log_to_stderr(bool all);

}  // namespace flowdb::cli
