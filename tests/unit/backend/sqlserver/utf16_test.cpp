#include "backend/sqlserver/utf16.hpp"

#include <string>

#include <gtest/gtest.h>

namespace flowdb::backend::sqlserver {
namespace {

TEST(Utf16, IsWrittenAndReadBack_OfEveryLengthOfSequence) {
  for (const std::string text :
       {"", "a", "abcd", "abcdefgh", "abcdé", "ß€𝒳", "日本語 🚀 end", "\x7f\xc2\x80", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    const auto wide = to_utf16(text);
    EXPECT_EQ(to_utf8(wide), text);
    EXPECT_EQ(utf8_size(wide.data(), wide.size()), text.size());
    EXPECT_LE(text.size(), most_utf8(wide.size()));
  }
  EXPECT_EQ(to_utf16("𝒳"), u"𝒳");
}

TEST(Utf16, MalformedBytesBecomeReplacementCharacters) {
  // RFC 3629: a lone continuation, overlong forms, a surrogate, beyond U+10FFFF, cut off.
  EXPECT_EQ(to_utf16("a\x80z"), u"a\xFFFDz");
  EXPECT_EQ(to_utf16("\xc0\xaf").find(u'/'), std::u16string::npos);
  EXPECT_EQ(to_utf16("\xed\xa0\x80").front(), u'\xFFFD');
  EXPECT_EQ(to_utf16("\xf5\x80\x80\x80").front(), u'\xFFFD');
  EXPECT_EQ(to_utf16("ab\xe2\x82"), u"ab\xFFFD\xFFFD");
}

TEST(Utf16, HalfAPairBecomesAReplacementCharacter) {
  const std::u16string high{u'a', char16_t{0xD83D}, u'b'};
  const std::u16string low{char16_t{0xDE80}};
  const std::u16string at_end{u'a', u'b', u'c', u'd', char16_t{0xD83D}};
  EXPECT_EQ(to_utf8(high),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(to_utf8(low), "\xef\xbf\xbd");
  EXPECT_EQ(to_utf8(at_end), "abcd\xef\xbf\xbd");
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
