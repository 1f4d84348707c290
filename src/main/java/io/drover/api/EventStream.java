package io.drover.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.journal.TaskChanges;
import io.drover.journal.TaskChanges.State;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.who.Payloads;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells one client what it does not know yet of a task, as server-sent events. */
final class EventStream {

    /** Calls whose content is in memory at the same time. */
    private static final int AT_ONCE = 50;

    private final UUID task;
    private final EventCursor cursor;
    private final boolean payloads;
    private final TaskStore tasks;
    private final TaskChanges changes;
    private final ObjectMapper json;
    private final OutputStream out;

    /** @param payloads whether the client may read them */
    EventStream(
            UUID task,
            EventCursor cursor,
            boolean payloads,
            TaskStore tasks,
            TaskChanges changes,
            ObjectMapper json,
            OutputStream out) {
        this.task = task;
        this.cursor = cursor;
        this.payloads = payloads;
        this.tasks = tasks;
        this.changes = changes;
        this.json = json;
        this.out = out;
    }

    /**
     * Sends what is new. The task is read first, so what is told of a task that has ended is whole.
     *
     * @return whether the task has ended, or is gone
     */
    boolean tell() throws IOException {
        TaskView seen = tasks.find(task).orElse(null);
        if (seen == null) {
            return true;
        }
        tellCalls(seen.submitter().redone());
        for (TaskChanges.Ended attempt : changes.attempts(task, cursor.attempt())) {
            cursor.toldAttempt(attempt.token());
            send(TaskEvent.Attempt.of(attempt));
        }
        boolean ended = seen.status().isTerminal();
        if (!cursor.knows(seen)) {
            cursor.told(seen);
            send(ended ? TaskEvent.End.of(seen) : TaskEvent.Status.of(seen));
        }
        return ended;
    }

    /** @param redone whether calls that were done may be forgotten since */
    private void tellCalls(boolean redone) throws IOException {
        List<State> news = changes.states(task, redone ? 1 : cursor.firstOpen()).stream()
                .filter(call -> !cursor.knows(call))
                .toList();
        for (int from = 0; from < news.size(); from += AT_ONCE) {
            Map<Integer, State> part = news.subList(from, Math.min(news.size(), from + AT_ONCE)).stream()
                    .collect(Collectors.toMap(State::n, call -> call, (one, other) -> other));
            for (TaskChanges.Call call : changes.calls(task, part.keySet())) {
                State now = new State(call.n(), call.state(), call.tries());
                if (!cursor.knows(now)) {
                    cursor.told(now);
                    send(TaskEvent.Call.of(call));
                }
            }
        }
    }

    private void send(TaskEvent event) throws IOException {
        String id = cursor.id();
        String data = json.writeValueAsString(payloads ? event : Payloads.hidden(event))
                .replace('\r', ' ')
                .replace('\n', ' '); // only between JSON's tokens
        write(Stream.of(id == null ? "" : "id: " + id + "\n", "event: " + event.name() + "\n", "data: " + data + "\n\n")
                .collect(Collectors.joining()));
    }

    /** Says how soon a client that was cut off may come back. */
    void greet(long retryMs) throws IOException {
        write("retry: " + retryMs + "\n\n");
        flush();
    }

    /** A comment, by which both sides see that the other one is there. */
    void beat() throws IOException {
        write(":\n\n");
        flush();
    }

    void flush() throws IOException {
        out.flush();
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
