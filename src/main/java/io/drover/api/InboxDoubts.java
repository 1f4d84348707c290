package io.drover.api;

import io.drover.journal.DoubtfulCalls;
import io.drover.journal.DoubtfulCalls.Doubts;
import io.drover.who.Role;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Calls in doubt that tasks wait for. */
@Component
class InboxDoubts implements InboxSource {

    private static final Pattern ID =
            Pattern.compile("doubt-(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})-(\\d{1,9})");

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
        Doubts doubts = calls.look(
                new DoubtfulCalls.Filter(filter.tool(), filter.workflow(), null, filter.until(), filter.allowed()),
                limit);
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
                                page(call.task().toString(), Integer.toString(call.n()))))
                        .toList());
    }

    /** Also of one that is decided: the page of its task says by whom. */
    @Override
    public @Nullable String page(String id) {
        Matcher call = ID.matcher(id);
        return call.matches() ? page(call.group(1), call.group(2)) : null;
    }

    private static String page(String task, String n) {
        return "/console/tasks/%s#decide-%s".formatted(task, n);
    }
}
