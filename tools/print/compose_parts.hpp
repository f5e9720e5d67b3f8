// Parts that papers share. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "core/papers/paper.hpp"
#include "tools/print/composition.hpp"

namespace yb::print {

/// Organisation, title, numbers, a rule.
void AddHead(Composition& composition, const papers::Paper& paper);
/// "申请人：".
void AddSalutation(Composition& composition, const papers::Paper& paper);
[[nodiscard]] Paragraph Body(std::string text);
[[nodiscard]] Paragraph Heading(std::string text);
[[nodiscard]] Paragraph Small(std::string text);
/// "1. …", one paragraph each; nothing for none.
void AddNumbered(Composition& composition, const std::vector<std::string>& sentences);
/// Clerk, where to ask, a line to sign for the receipt, the closing.
void AddEnd(Composition& composition, const papers::Paper& paper);
[[nodiscard]] Closing ClosingOf(const Composition& composition, std::vector<std::string> issued);
[[nodiscard]] Cell Label(std::string text, std::size_t span = 1);
[[nodiscard]] Cell Value(std::string text, std::size_t span = 1, Align align = Align::kLeft);
/// The text with exactly one full stop at its end.
[[nodiscard]] std::string Sentence(std::string text);

void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::AcceptanceNotice& notice);
void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::CorrectionNotice& notice);
void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::DeclineNotice& notice);
void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::DeliveryReceipt& receipt);
void ComposeBody(Composition& composition, const papers::Paper& paper, const papers::PlanningPermit& permit);

}  // namespace yb::print
