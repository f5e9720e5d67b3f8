// Runs every frame of tests/fixtures/meters against what its source says it means; those of by-hand.json were put
// together from the standards, each with the reason for what is expected of it.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "edge/field/decode/decode.hpp"

namespace yb::field::decode {
namespace {

using Json = nlohmann::json;

// A frame found in public, with its meaning.
struct Vector {
  std::string id;
  Json json;
};

void PrintTo(const Vector& vector, std::ostream* out) {
  *out << vector.id << " (" << vector.json["class"].get<std::string>() << ")";
}

std::vector<Vector> VectorsOf(const std::string& file) {
  std::ifstream stream("tests/fixtures/meters/" + file);
  const Json all = Json::parse(stream);
  std::vector<Vector> vectors;
  for (const Json& json : all["vectors"]) vectors.push_back({json["id"], json});
  return vectors;
}

std::vector<base::Bytes> Received(const Json& vector) {
  std::vector<base::Bytes> frames;
  if (vector.contains("sequence")) {
    for (const Json& step : vector["sequence"]) {
      if (step["dir"] == "rx") frames.push_back(*base::FromHex(step["hex"].get<std::string>()));
    }
    return frames;
  }
  const Json& hex = vector["response_hex"].is_null() ? vector["request_hex"] : vector["response_hex"];
  frames.push_back(*base::FromHex(hex.get<std::string>()));
  return frames;
}

// Every expected value is there, in the expected order, with exactly its digits.
void ExpectValues(const Json& expected, const Json& found) {
  std::size_t next = 0;
  for (const Json& value : expected) {
    while (next < found.size() && found[next]["key"] != value["key"]) ++next;
    ASSERT_LT(next, found.size()) << "no " << value << " in " << found;
    EXPECT_EQ(found[next], value);
  }
}

class MeterVectors : public ::testing::TestWithParam<Vector> {};

TEST_P(MeterVectors, DecodeToWhatTheyMean) {
  const Json& vector = GetParam().json;
  const base::Result<DecodeResult> result = Decode(vector["protocol"].get<std::string>(), "auto", Received(vector));
  ASSERT_TRUE(result) << result.error().Describe();
  const Json found = Json::parse(result->json);
  const Json& expected = vector["expect"];
  EXPECT_EQ(result->good, !expected.contains("reject")) << found;
  for (const auto& [key, value] : expected.items()) {
    ASSERT_TRUE(found.contains(key)) << key << " is missing in " << found;
    if (key == "values") {
      ExpectValues(value, found["values"]);
    } else {
      EXPECT_EQ(found[key], value) << key;
    }
  }
}

std::string NameOf(const ::testing::TestParamInfo<Vector>& info) {
  std::string name = info.param.id + "_" + info.param.json["class"].get<std::string>();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Dlt645Of2007, MeterVectors, ::testing::ValuesIn(VectorsOf("dlt645-2007.json")), NameOf);
INSTANTIATE_TEST_SUITE_P(Dlt645Of1997, MeterVectors, ::testing::ValuesIn(VectorsOf("dlt645-1997.json")), NameOf);
INSTANTIATE_TEST_SUITE_P(Modbus, MeterVectors, ::testing::ValuesIn(VectorsOf("modbus.json")), NameOf);
INSTANTIATE_TEST_SUITE_P(ByHand, MeterVectors, ::testing::ValuesIn(VectorsOf("by-hand.json")), NameOf);
INSTANTIATE_TEST_SUITE_P(Cjt188, MeterVectors, ::testing::ValuesIn(VectorsOf("cjt188.json")), NameOf);

}  // namespace
}  // namespace yb::field::decode
