#include "backend/sqlserver/error_numbers.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace flowdb::backend::sqlserver {
namespace {

// Sorted, each of them.
constexpr int kTransient[] = {601,   617,   669,   921,   941,   1203,  1204,  1205,  1221,  1222,
                              3935,  3960,  3966,  4060,  4221,  8628,  8645,  8651,  10922, 10928,
                              10929, 10936, 18401, 40143, 40197, 40501, 40540, 40613, 41301, 41302,
                              41305, 41325, 41839, 42108, 42109, 49918, 49919, 49920};
constexpr int kConflicts[] = {1205, 3960, 41302, 41305, 41325};
constexpr int kConstraints[] = {515, 547, 2601, 2627};
constexpr int kRefusedLogins[] = {916,   18451, 18452, 18456, 18461, 18463, 18464, 18465,
                                  18466, 18467, 18468, 18470, 18486, 18487, 18488};
constexpr int kSessionEnds[] = {596, 6005, 17142, 17187, 17188};
constexpr int kNamesInQuotes[] = {
    102,  109,   110,   111,   119,   120,   121,   128,   137,   139,   141,   156,  174,  189,
    195,  201,   207,   208,   209,   213,   214,   217,   229,   230,   242,   262,  266,  297,
    300,  306,   334,   402,   515,   544,   545,   547,   596,   911,   916,   918,  1088, 1203,
    1204, 1205,  1222,  1505,  1750,  1769,  1776,  1785,  1834,  1911,  1913,  2601, 2627, 2628,
    2705, 2714,  2801,  2812,  3609,  3621,  3701,  3702,  3723,  3725,  3726,  3728, 3733, 3740,
    3902, 3903,  3930,  3931,  3935,  3960,  3961,  3998,  4060,  4121,  4429,  4502, 4506, 4701,
    4712, 4901,  4902,  4922,  4923,  4924,  4928,  4929,  5074,  8102,  8106,  8114, 8115, 8134,
    8144, 8145,  8146,  8152,  8155,  8156,  8178,  8180,  8623,  8632,  8645,  8672, 8728, 9002,
    9826, 15009, 15151, 18401, 18456, 40143, 40197, 40501, 40613, 41302, 41305, 41325};

template <std::size_t Count>
bool contains(const int (&numbers)[Count], int number) noexcept {
  return std::find(std::begin(numbers), std::end(numbers), number) != std::end(numbers);
}

}  // namespace

bool is_transient(int number) noexcept {
  return contains(kTransient, number);
}

bool is_conflict(int number) noexcept {
  return contains(kConflicts, number);
}

bool is_constraint(int number) noexcept {
  return contains(kConstraints, number);
}

bool is_refused_login(int number) noexcept {
  return contains(kRefusedLogins, number);
}

bool is_unknown_database(int number) noexcept {
  constexpr int kNoSuchDatabase = 911;
  constexpr int kNoDefaultDatabase = 4064;
  return number == kNoSuchDatabase || number == kNoDefaultDatabase;
}

bool ends_session(int number) noexcept {
  return contains(kSessionEnds, number);
}

bool quotes_hold_names(int number) noexcept {
  return contains(kNamesInQuotes, number);
}

}  // namespace flowdb::backend::sqlserver
