package io.drover.api;

import io.drover.journal.Approval;
import io.drover.journal.Approvals;
import io.drover.who.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Calls that people have to approve. */
@Component
class InboxApprovals implements InboxSource {

    private static final String PREFIX = "approval-";
    private static final String PAGE = "/console/approvals/";

    /** It stops counting there. */
    private static final int MOST = 1_000;

    private final Approvals approvals;

    InboxApprovals(Approvals approvals) {
        this.approvals = approvals;
    }

    @Override
    public String kind() {
        return "approval";
    }

    @Override
    public String role() {
        return Role.APPROVER.text();
    }

    @Override
    public Found find(Filter filter, int limit) {
        List<Item> items = approvals.open(filter.tool(), filter.workflow(), filter.allowed(), 0, MOST).stream()
                .map(this::item)
                .filter(item -> filter.matches(item.tool(), item.workflow(), item.since()))
                .toList();
        return new Found(items.size(), items.stream().limit(limit).toList());
    }

    private Item item(Approval approval) {
        String reason = approval.summary() == null
                ? "call %d of the task asks for an approval".formatted(approval.n())
                : approval.summary();
        return new Item(
                PREFIX + approval.id(),
                kind(),
                role(),
                approval.tool(),
                approval.workflow(),
                approval.task(),
                1,
                reason,
                approval.askedAt(),
                PAGE + approval.id());
    }

    /** Also of one that is decided: the page says by whom. */
    @Override
    public @Nullable String page(String id) {
        return id.matches(PREFIX + "\\d{1,18}") ? PAGE + id.substring(PREFIX.length()) : null;
    }
}
