# Every library from outside, found once. docs/dependencies.md says why each is here.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(zstd REQUIRED)
find_package(PahoMqttCpp REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(date REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(pangocairo REQUIRED IMPORTED_TARGET pangocairo cairo-pdf)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
if(NOT YB_FUZZ)
  find_package(CURL REQUIRED)  # tests and benches only
  pkg_check_modules(mosquitto REQUIRED IMPORTED_TARGET libmosquitto)  # tests only
endif()

# CivetWeb comes as source: Debian's binary package is built for OpenSSL 1.1 and crashes on TLS. `./dev` fetches
# Debian's own source package and passes its folder.
set(YB_CIVETWEB_DIR "${CMAKE_SOURCE_DIR}/build/deps/civetweb" CACHE PATH "Unpacked CivetWeb source")
if(NOT EXISTS ${YB_CIVETWEB_DIR}/src/civetweb.c)
  message(FATAL_ERROR "CivetWeb's source is not in ${YB_CIVETWEB_DIR}: run ./dev build, which fetches it")
endif()
add_library(civetweb STATIC ${YB_CIVETWEB_DIR}/src/civetweb.c)
target_include_directories(civetweb SYSTEM PUBLIC ${YB_CIVETWEB_DIR}/include)
# SOCKET_TIMEOUT_QUANTUM: its threads look every 100 ms (not 2 s) whether they shall stop. STOP_FLAG_NEEDS_LOCK: they look
# atomically; the one plain read that is left is compared again, so the thread sanitizer is kept off.
target_compile_definitions(civetweb PRIVATE OPENSSL_API_3_0 NO_SSL_DL NO_CGI NO_CACHING
  SOCKET_TIMEOUT_QUANTUM=100 STOP_FLAG_NEEDS_LOCK)
target_compile_options(civetweb PRIVATE -w)
if(YB_SANITIZE STREQUAL "thread")
  target_compile_options(civetweb PRIVATE -fno-sanitize=thread)
endif()
target_link_libraries(civetweb PRIVATE OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
