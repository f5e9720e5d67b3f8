// What one paper may take of the machine, and reach: a text that makes a layout library run wild harms nobody but
// itself.
#pragma once

namespace yb::print {

/// Memory, processor time, no core file (a paper holds names), no socket, no other program, and no file written until
/// AllowOutput.
void LimitThisProcess();
/// Standard output and error may be files from here on.
void AllowOutput();

}  // namespace yb::print
