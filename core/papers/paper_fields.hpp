// The fields of a Paper, each once, with what it bears: reading, writing and checking all walk along these. Names are
// those of the text form (paper_codec.hpp) and stay as they are.
//
// A walker has Text, Day, OptionalDay, Whole, Flag, Texts, Group and List, and AddedText and AddedDay for fields that
// came later: they are left out of the text form where they are empty, so that an older paper keeps its text and its
// check code. `Record` is a struct of paper.hpp, const or not.
#pragma once

#include <concepts>

#include "core/papers/paper.hpp"

namespace yb::papers {

/// How much a text bears, in characters.
struct TextLimit {
  std::size_t most = 0;
  bool may_be_empty = false;
};
struct ListLimit {
  std::size_t least = 0;
  std::size_t most = 0;
};

inline constexpr TextLimit kName{200};
inline constexpr TextLimit kShort{60};
inline constexpr TextLimit kShortOrNone{60, true};
inline constexpr TextLimit kSentence{500};
inline constexpr TextLimit kSentenceOrNone{500, true};
inline constexpr ListLimit kSentences{0, 100};

template <class Record, class Type>
concept Is = std::same_as<std::remove_const_t<Record>, Type>;

template <class Walker, Is<PaperMaterial> Record>
void Walk(Walker& walker, Record& material) {
  walker.Text("name", material.name, kName);
  walker.Whole("copies", material.copies, 1, 999);
  walker.Text("form", material.form, kShortOrNone);
  walker.OptionalDay("follows_until", material.follows_until);
}

template <class Walker, Is<PaperDeadline> Record>
void Walk(Walker& walker, Record& deadline) {
  walker.Whole("working_days", deadline.working_days, 0, 9999);
  walker.Day("date", deadline.date);
  walker.Flag("provisional", deadline.provisional);
}

template <class Walker, Is<AcceptanceNotice> Record>
void Walk(Walker& walker, Record& notice) {
  walker.Day("received", notice.received);
  walker.List("materials", notice.materials, {0, 300});
  walker.Group("promised", notice.promised);
  walker.Group("statutory", notice.statutory);
  walker.Texts("why", notice.why, kSentences, kSentence);
  walker.Text("clause", notice.clause, kName);
  walker.Texts("next_steps", notice.next_steps, kSentences, kSentence);
}

template <class Walker, Is<CorrectionNotice::Missing> Record>
void Walk(Walker& walker, Record& missing) {
  walker.Text("name", missing.name, kName);
  walker.Text("what", missing.what, kSentence);
}

template <class Walker, Is<CorrectionNotice> Record>
void Walk(Walker& walker, Record& notice) {
  walker.Day("received", notice.received);
  walker.List("missing", notice.missing, {1, 300});
  walker.OptionalDay("until", notice.until);
  walker.Text("clause", notice.clause, kName);
  walker.Texts("next_steps", notice.next_steps, kSentences, kSentence);
  walker.AddedText("department", notice.department, kShortOrNone);
  walker.AddedDay("accepted", notice.accepted);
}

template <class Walker, Is<DeclineNotice> Record>
void Walk(Walker& walker, Record& notice) {
  walker.Day("received", notice.received);
  walker.Text("ground", notice.ground, {2000});
  walker.Text("clause", notice.clause, kName);
  walker.Text("review_authority", notice.review_authority, kShort);
  walker.Text("court", notice.court, kShort);
  walker.Texts("next_steps", notice.next_steps, kSentences, kSentence);
}

template <class Walker, Is<DeliveryReceipt::Document> Record>
void Walk(Walker& walker, Record& document) {
  walker.Text("name", document.name, kName);
  walker.Text("number", document.number, kShortOrNone);
  walker.Whole("copies", document.copies, 1, 999);
}

template <class Walker, Is<DeliveryReceipt> Record>
void Walk(Walker& walker, Record& receipt) {
  walker.List("documents", receipt.documents, {1, 100});
  walker.Text("method", receipt.method, kShort);
  walker.Text("place", receipt.place, {200, true});
  walker.Text("receiver", receipt.receiver, {200, true});
  walker.Text("relation", receipt.relation, kShortOrNone);
  walker.Text("courier", receipt.courier, kShortOrNone);
  walker.Text("waybill", receipt.waybill, kShortOrNone);
  walker.OptionalDay("delivered", receipt.delivered);
  walker.Text("note", receipt.note, kSentenceOrNone);
}

template <class Walker, Is<PlanningPermit> Record>
void Walk(Walker& walker, Record& permit) {
  walker.Text("number", permit.number, kShort);
  walker.Text("project", permit.project, kName);
  walker.Text("place", permit.place, kName);
  walker.Text("scale", permit.scale, kSentence);
  walker.Texts("attachments", permit.attachments, kSentences, kSentence);
  walker.Text("issuer", permit.issuer, kShort);
  walker.Text("instrument", permit.instrument, {200, true});
}

/// All of a paper but its body.
template <class Walker, Is<Paper> Record>
void Walk(Walker& walker, Record& paper) {
  walker.Text("organisation", paper.organisation, kShort);
  walker.Text("receipt_no", paper.receipt_no, kShort);
  walker.Text("number", paper.number, kShortOrNone);
  walker.Text("applicant", paper.applicant, kName);
  walker.Text("applicant_code", paper.applicant_code, kShortOrNone);
  walker.Text("item", paper.item, kName);
  walker.Text("clerk", paper.clerk, kShort);
  walker.Text("contact", paper.contact, {200, true});
  walker.Day("date", paper.date);
}

}  // namespace yb::papers
