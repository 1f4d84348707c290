package io.drover.api;

import io.drover.journal.DoubtfulCalls;
import io.drover.journal.DoubtfulCalls.Doubts;
import io.drover.who.Role;
import org.springframework.stereotype.Component;

/** Calls in doubt that tasks wait for. */
@Component
class InboxDoubts implements InboxSource {

    private final DoubtfulCalls calls;

    InboxDoubts(DoubtfulCalls calls) {
        this.calls = calls;
    }

    @Override
    public String kind() {
        return "doubt";
    }

    @Override
    public String role() {
        return Role.OPERATOR.text();
    }

    @Override
    public Found find(Filter filter, int limit) {
        Doubts doubts =
                calls.look(new DoubtfulCalls.Filter(filter.tool(), filter.workflow(), null, filter.until()), limit);
        return new Found(
                doubts.count(),
                doubts.first().stream()
                        .map(call -> new Item(
                                "doubt-" + call.task() + "-" + call.n(),
                                kind(),
                                role(),
                                call.tool(),
                                call.workflow(),
                                call.task(),
                                1,
                                call.reason(),
                                call.startedAt(),
                                "/console/tasks/" + call.task()))
                        .toList());
    }
}
