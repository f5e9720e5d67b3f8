#include "tools/print/qr_code.hpp"

#include <qrencode.h>

#include <memory>

namespace yb::print {

base::Result<QrCode> MakeQrCode(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&::QRcode_free)> made(
      ::QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), &::QRcode_free);
  if (made == nullptr) {
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"the check text does not fit into a QR code", "校验文字放不进二维码"});
  }
  QrCode code;
  code.width = static_cast<std::size_t>(made->width);
  code.black.reserve(code.width * code.width);
  // The lowest bit of a module is its colour (qrencode.h).
  for (std::size_t i = 0; i < code.width * code.width; ++i) code.black.push_back((made->data[i] & 1) != 0);
  return code;
}

}  // namespace yb::print
