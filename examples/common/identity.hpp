#pragma once

#include <string>

namespace flows {

/// A fresh name for one run of a flow: a random uuid.
std::string make_run_id();

/// A fresh name for one process: the host's name, a hyphen and 8 random hex digits, at most 100
/// characters (the width of flow_instance_id).
std::string make_instance_id();

}  // namespace flows
