// Files, gzip and zstd: whole, in members, cut off, broken, and bombs.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <utility>

#include "source/memory_input.h"
#include "text/catalogue.h"

namespace trama {
namespace {

std::string gzipped(const std::string& text, int level = 6) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, 0);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// With a checksum, as the program zstd writes it.
std::string zstandard(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), 0);
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

/// All bytes, then "!" and the name of the trouble.
std::string read_all(const std::string& bytes, std::size_t piece, std::size_t room = 100) {
  ByteStream stream("in", std::make_unique<MemoryBytes>(
                              MemoryInput{.bytes = bytes, .piece = [piece] { return piece; }}));
  std::string out;
  std::string block(room, 0);
  while (const std::size_t size = stream.read(block.data(), block.size()))
    out.append(block, 0, size);
  if (stream.trouble())
    out += "!" + std::string(name(stream.trouble()->code)) + " " +
           say(Language::en, *stream.trouble());
  return out;
}

std::string text_of(std::size_t lines) {
  std::string out;
  for (std::size_t i = 0; i < lines; ++i) out += "{\"id\":" + std::to_string(i * 7919) + "}\n";
  return out;
}

TEST_CASE("byte stream: plain and packed give the same bytes") {
  const std::string text = text_of(3000);
  const std::string half = text.substr(0, text.size() / 2);
  const std::string other = text.substr(text.size() / 2);
  const std::string skippable = std::string("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
  for (const std::size_t piece : {1, 2, 100, 1000000}) {
    CHECK(read_all(text, piece) == text);
    CHECK(read_all(gzipped(text), piece) == text);
    CHECK(read_all(gzipped(half) + gzipped("") + gzipped(other), piece) == text);
    CHECK(read_all(gzipped(text) + std::string(1000, 0), piece) == text);
    CHECK(read_all(zstandard(text), piece) == text);
    CHECK(read_all(zstandard(half) + skippable + zstandard(other), piece, 1) == text);
    CHECK(read_all(skippable + zstandard(text), piece) == text);
    CHECK(read_all(gzipped(""), piece).empty());
    CHECK(read_all("", piece).empty());
    CHECK(read_all("{}", piece) == "{}");
    CHECK(read_all("\x1f", piece) == "\x1f");
  }
}

TEST_CASE("byte stream: packed data that is cut off") {
  const std::string text = text_of(300);
  for (const std::string& packed : {gzipped(text), zstandard(text)}) {
    for (const std::size_t size : {std::size_t{5}, packed.size() / 2, packed.size() - 1}) {
      const std::string out = read_all(packed.substr(0, size), 64);
      CHECK(out.find("!INPUT_CUT_OFF in is cut off at byte " + std::to_string(size)) !=
            std::string::npos);
      CHECK(text.starts_with(out.substr(0, out.find('!'))));
    }
    const std::string second = packed + packed.substr(0, packed.size() / 2);
    CHECK(read_all(second, 1000).find("!INPUT_CUT_OFF") != std::string::npos);
  }
}

TEST_CASE("byte stream: packed data that is broken") {
  const std::string text = text_of(300);
  for (std::string packed : {gzipped(text), zstandard(text)}) {
    CHECK(read_all(packed + "rubbish", 64).find(": other bytes follow its end") !=
          std::string::npos);
    CHECK(read_all(packed + "rubbish", 64).starts_with(text));
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
    CHECK(read_all(packed, 64).find("!COMPRESSED_BROKEN") != std::string::npos);
  }
  CHECK(read_all(gzipped(text) + std::string(10, 0) + gzipped(text), 64).find("other bytes") !=
        std::string::npos);
}

TEST_CASE("byte stream: what stands before a broken place comes out however the input was cut") {
  const std::string text = text_of(20000);  // several blocks
  for (const std::string& right : {gzipped(text), zstandard(text)}) {
    for (std::size_t part = 1; part < 12; ++part) {
      std::string packed = right;
      const std::size_t place = packed.size() * part / 12;
      packed[place] = static_cast<char>(packed[place] ^ 0x55);
      const std::string whole = read_all(packed, packed.size(), 300'000);
      CHECK(whole.find("!COMPRESSED_BROKEN") != std::string::npos);
      for (const std::size_t piece : {1, 7, 1000})
        for (const std::size_t room : {99, 300'000}) CHECK(read_all(packed, piece, room) == whole);
    }
  }
}

/// What zlib makes of one member: all it gives before its end or the first wrong place, and whether it
/// came to the end.
std::pair<std::string, bool> by_zlib(const std::string& packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);
  std::string out(std::size_t{1} << 20U, 0);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream, Z_NO_FLUSH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return {out, status == Z_STREAM_END};
}

TEST_CASE(
    "byte stream: gzip of every level and kind, whole and broken anywhere, as zlib reads it") {
  std::mt19937 random(3);
  std::string noise(12000, 0);
  for (char& c : noise) c = static_cast<char>(random());
  const std::string texts[] = {text_of(2000), noise, std::string(100000, 'a'), ""};
  for (const std::string& text : texts) {
    for (const int level : {0, 1, 6, 9}) {
      const std::string right = gzipped(text, level);
      CHECK(read_all(right, 700, 5000) == text);
      for (int turn = 0; turn < 15; ++turn) {
        std::string packed = right;
        const std::size_t most =
            turn % 3 == 0 ? std::min<std::size_t>(400, packed.size()) : packed.size();
        const std::size_t place = 4 + random() % (most - 4);  // behind what gzip is known by
        packed[place] = static_cast<char>(packed[place] ^ static_cast<char>(1 + random() % 255));
        const auto [before, whole] = by_zlib(packed);
        const std::string read = read_all(packed, packed.size(), 400000);
        CAPTURE(level);
        CAPTURE(place);
        if (whole) {
          CHECK(read == before);
        } else {
          // What the wrong bits say may also be that more follows.
          const std::size_t end =
              std::min(read.rfind("!COMPRESSED_BROKEN"), read.rfind("!INPUT_CUT_OFF"));
          REQUIRE(end != std::string::npos);
          // Where the code itself is wrong, one of them may give a symbol more.
          const std::string_view got = std::string_view(read).substr(0, end);
          CHECK((got.starts_with(before) || before.starts_with(got)));
        }
        for (const std::size_t piece : {1, 7, 1000})
          for (const std::size_t room : {99, 400000})
            if (piece > 1 || room > 99) CHECK(read_all(packed, piece, room) == read);
      }
    }
  }
}

TEST_CASE("byte stream: a bomb is taken for one") {
  const std::string zeros(kExpansionFree + 40000000, 0);
  for (const std::string& packed : {gzipped(zeros), zstandard(zeros)}) {
    const std::string out = read_all(packed, 65536, 1 << 20);
    const bool within = zeros.size() <= packed.size() * kMaxExpansion + kExpansionFree;
    CHECK((out.find("!COMPRESSED_BOMB in expands more than 200 times") != std::string::npos) !=
          within);
    CHECK_FALSE(within);
  }
  const std::string allowed(kExpansionFree, 0);
  CHECK(read_all(gzipped(allowed), 65536, 1 << 20) == allowed);
}

TEST_CASE("byte stream: a list in a packed input that is cut off keeps its whole records") {
  const std::string packed = gzipped("[" + std::string(R"({"a":1},{"b":2},{"c":3})"));
  const auto source = source_of({{.bytes = packed.substr(0, packed.size() - 6)}}, {});
  const std::string out = told(*source);
  CHECK(out.starts_with("1 1:2 @1 {\"a\":1}\n2 1:10 @9 {\"b\":2}\n"));
  CHECK(out.find("its gzip data ends in the middle") != std::string::npos);
}

TEST_CASE("byte stream: what cannot be opened") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("trama-source-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const std::string file = folder / "a.json";
  std::ofstream(file) << "{}\n";
  const auto code = [](const std::string& path) {
    auto opened = Source::open({path}, {});
    return opened.ok() ? std::string("ok") : std::string(name(opened.failure().code));
  };
  CHECK(code(file) == "ok");
  CHECK(code(folder / "none.json") == "FILE_MISSING");
  CHECK(code(file + "/b") == "FILE_MISSING");
  CHECK(code(folder) == "FILE_IS_DIRECTORY");
  if (::geteuid() != 0) {
    ::chmod(file.c_str(), 0);
    CHECK(code(file) == "FILE_UNREADABLE");
  }
  auto both = Source::open({file, folder / "none.json"}, {});
  CHECK_FALSE(both.ok());
  std::filesystem::remove_all(folder);
}

TEST_CASE("byte stream: sizes for progress") {
  const auto file =
      std::filesystem::temp_directory_path() / ("trama-size-" + std::to_string(::getpid()));
  const auto other = file.string() + "-other";
  for (const std::string& name : {file.string(), other}) std::ofstream(name) << "{}\n{}\n";
  auto source = Source::open({file, other}, {});
  REQUIRE(source.ok());
  CHECK(source.value()->bytes_in_all() == 12);
  CHECK(told(*source.value()) == "1 1:1 @0 {}\n2 2:1 @3 {}\n---\n1 1:1 @0 {}\n2 2:1 @3 {}\n");
  CHECK(source.value()->bytes_read() == 12);
  std::filesystem::remove(file);
  std::filesystem::remove(other);
}

}  // namespace
}  // namespace trama
