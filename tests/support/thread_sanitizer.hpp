#pragma once

namespace flowdb::test_support {

#if defined(__SANITIZE_THREAD__)
#define FLOWDB_TEST_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FLOWDB_TEST_THREAD_SANITIZER 1
#endif
#endif

/// In the child that a process with several threads has forked, the thread sanitizer lets no thread
/// start and no handler see a signal: what needs that cannot be looked at under it.
#if defined(FLOWDB_TEST_THREAD_SANITIZER)
constexpr bool can_children_work = false;
#else
constexpr bool can_children_work = true;
#endif

}  // namespace flowdb::test_support
