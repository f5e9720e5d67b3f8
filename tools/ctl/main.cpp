#include <csignal>
#include <iostream>

#include "tools/ctl/run.hpp"

int main(int argc, char** argv) {
  // A server that hangs up is an error to be told, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  return yb::ctl::Run({argv + 1, argv + argc}, std::cout, std::cerr, yb::base::SystemClock());
}
