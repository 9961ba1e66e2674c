// A leak of SOCI 4.0's, for the address sanitizer: when a connection breaks between the end of
// PQconnectdb() and the answer to the SET that SOCI sends after it, postgresql_session_backend
// throws without PQfinish(), and nobody else knows the handle. About 36 KiB each time.
// https://clang.llvm.org/docs/AddressSanitizer.html#suppressing-memory-leaks

extern "C" const char* __lsan_default_suppressions();  // NOLINT: the sanitizer's name for it

extern "C" const char* __lsan_default_suppressions() {  // NOLINT
  return "leak:soci::postgresql_session_backend::connect\n";
}
