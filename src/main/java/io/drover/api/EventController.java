package io.drover.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.journal.TaskChanges;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Streams what becomes of a task.
 * A stream stays on the virtual thread of its request, which costs no more than the connection.
 * Between two looks at the database it holds nothing.
 */
@RestController
@Tag(name = "tasks")
class EventController {

    private static final Logger LOG = LoggerFactory.getLogger(EventController.class);
    private static final long LOOK_MS = 500;
    private static final long RETRY_MS = 2_000;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** Then the client comes back, and it is seen whether it still may. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final TaskStore tasks;
    private final TaskChanges changes;
    private final ObjectMapper json;
    private final EventProperties properties;
    private final Semaphore places;
    private final CountDownLatch closing = new CountDownLatch(1);

    EventController(TaskStore tasks, TaskChanges changes, ObjectMapper json, EventProperties properties) {
        this.tasks = tasks;
        this.changes = changes;
        this.json = json;
        this.properties = properties;
        this.places = new Semaphore(properties.maxStreams());
    }

    @GetMapping(path = "/api/tasks/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "followTask",
            summary = "Follow a task",
            description =
                    "Server-sent events `status`, `call`, `progress`, `attempt` and, at the end of the task, `end`. A client that comes back with `Last-Event-ID`, to any process, hears what it has not heard yet.")
    @ApiResponse(responseCode = "200", description = "The events, until the task ends.")
    @ApiResponse(responseCode = "204", description = "The client has heard everything, and the task has ended.")
    @ApiResponse(responseCode = "404", description = "The task does not exist.")
    @ApiResponse(responseCode = "429", description = "Too many clients follow tasks; see Retry-After.")
    void follow(
            @PathVariable UUID id,
            @Parameter(description = "The id of the last event that the client received.")
                    @RequestHeader(name = "Last-Event-ID", required = false)
                    @Nullable
                    String last,
            @Parameter(hidden = true) HttpServletRequest request,
            HttpServletResponse response,
            Actor actor)
            throws IOException, InterruptedException {
        EventCursor cursor = cursor(last);
        TaskView task = tasks.find(id)
                .filter(found -> actor.seesAllTasks()
                        || actor.name().equals(found.submitter().name()))
                .orElseThrow(() -> ProblemException.of(HttpStatus.NOT_FOUND, "unknown-task", "there is no task " + id));
        if (task.status().isTerminal() && cursor.knows(task)) {
            response.setStatus(HttpStatus.NO_CONTENT.value());
            return;
        }
        if (request.getMethod().equals("HEAD")) { // it would wait for events that it does not get
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            return;
        }
        if (!places.tryAcquire()) {
            throw RetryLater.tooManyStreams(properties.maxStreams());
        }
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setCharacterEncoding("UTF-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no"); // proxies that buffer would hold events back
            boolean payloads = actor.seesPayloadsOf(task.submitter().name());
            run(new EventStream(id, cursor, payloads, tasks, changes, json, response.getOutputStream()));
        } catch (IOException e) {
            LOG.debug("a client that followed task {} is gone: {}", id, e.getMessage());
        } finally {
            places.release();
        }
    }

    private void run(EventStream stream) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        long beat = System.nanoTime() + HEARTBEAT.toNanos();
        stream.greet(RETRY_MS);
        do {
            try {
                if (stream.tell()) {
                    return;
                }
            } catch (DataAccessException e) {
                LOG.debug("the database does not answer; the stream continues: {}", e.getMessage());
            } finally {
                stream.flush();
            }
            if (System.nanoTime() - beat > 0) {
                stream.beat();
                beat = System.nanoTime() + HEARTBEAT.toNanos();
            }
        } while (System.nanoTime() - end < 0 && !closing.await(LOOK_MS, TimeUnit.MILLISECONDS));
    }

    /** A stream never ends by itself, so a process that stops would wait for it. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing.countDown();
    }

    private static EventCursor cursor(@Nullable String last) {
        try {
            return EventCursor.of(last == null || last.isEmpty() ? null : last);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badField(
                    "Last-Event-ID", last, "is not the id of an event", "the id of the last event that was received");
        }
    }
}
