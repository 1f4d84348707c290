package io.drover.api;

import io.drover.journal.CallState;
import io.drover.journal.TaskChanges.State;
import io.drover.journal.TaskView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client has been told of a task: the id of the last event it received.
 * It holds the status, the last attempt that ended and the state of each call, so any process continues from it.
 * Equal states of consecutive calls are one word, as in {@code SUCCEEDED*12!PENDING*3!}.
 */
final class EventCursor {

    /** A longer one would not go into a header. */
    static final int LONGEST = 4_000;

    private static final int MOST_CALLS = 1_000_000;
    private static final String UNKNOWN = "-";
    private static final String NOTHING = "none";
    private static final Set<CallState> FINAL =
            EnumSet.of(CallState.SUCCEEDED, CallState.REJECTED, CallState.FORGOTTEN);
    private static final Pattern FORM = Pattern.compile(
            "([A-Z_]{1,20}|none)\\.([A-Z_]{0,20})\\.(-?\\d{1,18})\\.(-?\\d{1,18})\\.((?:(?:[A-Z_]{1,20}(?:~\\d{1,9})?|-)\\*\\d{1,7}!)*+)");
    private static final Pattern RUN = Pattern.compile("([A-Z_]{1,20}(?:~\\d{1,9})?|-)\\*(\\d{1,7})!");

    /** Consecutive calls in one state. */
    private record Run(String state, int calls) {}

    private String status = NOTHING;
    private String reason = "";
    private long token = -1;
    private long attempt = -1;
    private final List<Run> runs = new ArrayList<>();
    private int length;

    /** One that was told nothing, if the id is null. @throws IllegalArgumentException when the id is none of ours */
    static EventCursor of(@Nullable String id) {
        EventCursor cursor = new EventCursor();
        if (id != null) {
            cursor.read(id);
        }
        return cursor;
    }

    private void read(String id) {
        Matcher form = FORM.matcher(id.length() > LONGEST ? "" : id);
        if (!form.matches()) {
            throw new IllegalArgumentException("not an id of an event");
        }
        status = form.group(1);
        reason = form.group(2);
        token = Long.parseLong(form.group(3));
        attempt = Long.parseLong(form.group(4));
        Matcher run = RUN.matcher(form.group(5));
        while (run.find()) {
            add(run.group(1), Integer.parseInt(run.group(2)));
        }
    }

    private void add(String state, int calls) {
        length += calls;
        if (calls == 0 || length > MOST_CALLS) {
            throw new IllegalArgumentException("too many calls");
        }
        Run last = runs.isEmpty() ? null : runs.getLast();
        if (last != null && last.state.equals(state)) {
            runs.removeLast();
            runs.add(new Run(state, last.calls + calls));
        } else {
            runs.add(new Run(state, calls));
        }
    }

    /** Whether the client knows this status of the task. */
    boolean knows(TaskView task) {
        return status.equals(task.status().name()) && token == task.token() && reason.equals(reasonOf(task));
    }

    void told(TaskView task) {
        status = task.status().name();
        reason = reasonOf(task);
        token = task.token();
    }

    /** The token of the last attempt of whose end the client knows. */
    long attempt() {
        return attempt;
    }

    void toldAttempt(long itsToken) {
        attempt = itsToken;
    }

    /** The number of the first call that may still change. */
    int firstOpen() {
        int n = 1;
        for (Run run : runs) {
            if (FINAL.stream().noneMatch(state -> state.name().equals(run.state))) {
                return n;
            }
            n += run.calls;
        }
        return n;
    }

    /** Whether the client knows this state of the call. */
    boolean knows(State call) {
        int n = 1;
        for (Run run : runs) {
            n += run.calls;
            if (call.n() < n) {
                return run.state.equals(word(call));
            }
        }
        return false;
    }

    void told(State call) {
        if (call.n() > length) {
            if (call.n() > length + 1) {
                add(UNKNOWN, call.n() - length - 1);
            }
            add(word(call), 1);
            return;
        }
        List<Run> before = List.copyOf(runs);
        runs.clear();
        length = 0;
        for (Run run : before) {
            int at = call.n() - length - 1;
            if (at < 0 || at >= run.calls) {
                add(run.state, run.calls);
                continue;
            }
            if (at > 0) {
                add(run.state, at);
            }
            add(word(call), 1);
            if (at + 1 < run.calls) {
                add(run.state, run.calls - at - 1);
            }
        }
    }

    /** The id of the event that was told last; null if it is too long, so the client keeps the one before. */
    @Nullable
    String id() {
        StringBuilder id = new StringBuilder("%s.%s.%d.%d.".formatted(status, reason, token, attempt));
        for (Run run : runs) {
            id.append(run.state).append('*').append(run.calls).append('!');
            if (id.length() > LONGEST) {
                return null;
            }
        }
        return id.toString();
    }

    private static String reasonOf(TaskView task) {
        return task.waitReason() == null ? "" : task.waitReason().name();
    }

    /** A failed call that fails once more is news. */
    private static String word(State call) {
        return call.state() == CallState.FAILED
                ? "FAILED~" + call.tries()
                : call.state().name();
    }
}
