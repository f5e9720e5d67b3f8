# The two shapes of target in this project, so that every module is built alike.
#
#   yb_module(NAME SOURCES a.cpp … [DEPS yb_base …] [LIBS SQLite::SQLite3 …])
#     A static library of our own code. DEPS are our modules, visible to users of the module; LIBS are other people's
#     libraries, which its headers do not include, so that they stay private.
#   yb_test(NAME SOURCES a_test.cpp … DEPS yb_base … [LABELS integration …] [TIMEOUT 180])
#     A GoogleTest program, registered with CTest. The label tsan has it built and run under ThreadSanitizer too.

add_custom_target(yb_tsan_tests)    # tests labelled tsan: what the tsan preset builds and runs
add_custom_target(yb_fuzz_targets)  # all fuzz targets: what the fuzz preset builds

add_library(yb_flags INTERFACE)
target_include_directories(yb_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_options(yb_flags INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
# g++ 12 sees overlaps and uninitialised values in its own std::string and std::optional.
target_compile_options(yb_flags INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-maybe-uninitialized;-Wno-stringop-overflow>)

# -O0 halves the time to compile what is built to be checked; fuzz targets are built to run fast.
if(YB_SANITIZE)
  string(REPLACE "," "-" YB_SANITIZE_NAME "${YB_SANITIZE}")
  add_compile_options(-fsanitize=${YB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1 -O0)
  add_link_options(-fsanitize=${YB_SANITIZE})
endif()
if(YB_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -g1 -O1)
  add_link_options(-fsanitize=address,undefined)
endif()

function(yb_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE yb_flags ${ARG_LIBS})
endfunction()

function(yb_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} yb_flags ${ARG_LIBS})
endfunction()

function(yb_test name)
  if(YB_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS;LIBS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 180)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} yb_flags ${ARG_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
  if("tsan" IN_LIST ARG_LABELS)
    add_dependencies(yb_tsan_tests ${name})
  endif()
endfunction()

# yb_fuzz(NAME SOURCES … DEPS …): a libFuzzer target, built by the `fuzz` preset only.
function(yb_fuzz name)
  if(NOT YB_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} yb_flags)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  add_dependencies(yb_fuzz_targets ${name})
endfunction()
