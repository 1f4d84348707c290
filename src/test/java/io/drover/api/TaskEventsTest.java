package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.api.EventReader.Event;
import io.drover.journal.CallState;
import io.drover.journal.TaskChanges.State;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** A client follows a task over any number of connections: it misses nothing, and hears nothing twice. */
@TestPropertySource(properties = "drover.routes.directory=src/test/resources/routes-console")
class TaskEventsTest extends ApiTestBase {

    private String submit() {
        return operator().post("/api/tasks/told", "{}").json().path("id").asText();
    }

    private void goOn(String id) {
        assertThat(operator()
                        .post("/api/signals/told-on?key=" + id, "{\"a\":\"ü\\nb\"}")
                        .status())
                .isEqualTo(202);
    }

    private static List<String> lines(List<Event> events, String... names) {
        return events.stream()
                .filter(event -> List.of(names).contains(event.name()))
                .map(Event::line)
                .toList();
    }

    @Test
    void tellsCallsProgressAndTheEnd() {
        String id = submit();
        List<Event> events;
        try (EventReader reader = new EventReader(operator(), id, null)) {
            assertThat(reader.status()).isEqualTo(200);
            assertThat(reader.type()).startsWith("text/event-stream");
            events = reader.until(
                    event -> event.data().path("waitReason").asText().equals("SIGNAL"));
            goOn(id);
            events.addAll(reader.until(event -> false));
        }
        assertThat(lines(events, "call", "progress"))
                .containsExactly(
                        "progress {\"step\":\"looks\"}",
                        "call 2 stock SUCCEEDED",
                        "call 3 wait:signal PENDING",
                        "call 3 wait:signal SUCCEEDED",
                        "progress {\"step\":\"goes on\"}");
        assertThat(events.getLast().line()).isEqualTo("end COMPLETED");
        assertThat(events.getLast().data().path("output").path("body").path("a").asText())
                .isEqualTo("ü\nb");
        assertThat(events.stream().map(Event::id)).doesNotHaveDuplicates();

        try (EventReader again =
                new EventReader(operator(), id, events.getLast().id())) {
            assertThat(again.status()).as("an ended task says no more").isEqualTo(204);
        }
    }

    /** Each connection is cut after one event, so the next one begins at each place where it can. */
    @Test
    void aClientThatIsCutOffAfterEachEventMissesNothing() {
        String id = submit();
        List<Event> events = new ArrayList<>();
        boolean sent = false;
        while (events.isEmpty() || !events.getLast().name().equals("end")) {
            String last = events.isEmpty() ? null : events.getLast().id();
            try (EventReader reader = new EventReader(operator(), id, last)) {
                assertThat(reader.status()).isEqualTo(200);
                events.addAll(reader.until(event -> true));
            }
            if (!sent && events.getLast().data().path("waitReason").asText().equals("SIGNAL")) {
                goOn(id);
                sent = true;
            }
        }
        assertThat(lines(events, "call", "progress", "end"))
                .containsExactly(
                        "progress {\"step\":\"looks\"}",
                        "call 2 stock SUCCEEDED",
                        "call 3 wait:signal PENDING",
                        "call 3 wait:signal SUCCEEDED",
                        "progress {\"step\":\"goes on\"}",
                        "end COMPLETED");
    }

    @Test
    void tellsWhatWasForgottenSince() {
        String id = operator()
                .post("/api/tasks/order", "{\"orderId\":\"2\",\"city\":\"Ys\"}", "Prefer", "wait=20")
                .json()
                .path("id")
                .asText();
        String last;
        try (EventReader reader = new EventReader(operator(), id, null)) {
            last = reader.until(event -> false).getLast().id();
        }

        assertThat(operator().post("/api/tasks/" + id + "/retry?from=1", "").status())
                .isEqualTo(200);

        try (EventReader reader = new EventReader(operator(), id, last)) {
            List<Event> events = reader.until(event -> false);
            assertThat(lines(events, "call")).contains("call 1 stock FORGOTTEN", "call 3 carrier FORGOTTEN");
            assertThat(lines(events, "call", "end"))
                    .contains("call 4 stock SUCCEEDED", "call 5 carrier FAILED", "end DEAD")
                    .noneMatch(line -> line.contains("charge"));
        }
    }

    @Test
    void tellsOfAttemptsThatFailed() {
        String id = operator()
                .post("/api/tasks/order", "{\"orderId\":\"1\",\"city\":\"Atlantis\"}", "Prefer", "wait=20")
                .json()
                .path("id")
                .asText();

        try (EventReader reader = new EventReader(operator(), id, null)) {
            List<Event> events = reader.until(event -> false);
            assertThat(lines(events, "attempt"))
                    .last()
                    .asString()
                    .startsWith("attempt ")
                    .endsWith(" FAILED");
            assertThat(events.getLast().line()).isEqualTo("end DEAD");
            assertThat(events.getLast().data().path("error").path("message").asText())
                    .contains("Atlantis");
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        String id = submit();
        assertThat(operator().get("/api/tasks/" + UUID.randomUUID() + "/events").status())
                .isEqualTo(404);
        assertThat(operator()
                        .get("/api/tasks/" + id + "/events", "Last-Event-ID", "42")
                        .body())
                .contains("Last-Event-ID is not the id of an event");
        assertThat(new ApiClient(port(), "sue", "secret")
                        .get("/api/tasks/" + id + "/events")
                        .status())
                .as("a submitter follows its own tasks only")
                .isEqualTo(404);
        assertThat(operator().post("/api/signals/progress?key=" + id, "1").body())
                .contains("needs another name");
        goOn(id);
    }

    @Test
    void givesTheStreamsPlaceBackWhenTheClientIsGone() {
        String id = submit();
        for (int i = 0; i < 5; i++) {
            try (EventReader reader = new EventReader(operator(), id, null)) {
                assertThat(reader.until(event -> true)).isNotEmpty();
            }
        }
        goOn(id);
        await().until(() -> operator()
                .get("/api/tasks/" + id)
                .json()
                .path("status")
                .asText()
                .equals("COMPLETED"));
    }

    @Test
    void theCursorHoldsWhatWasToldInAnyOrder() {
        EventCursor cursor = EventCursor.of(null);
        List<State> calls = new ArrayList<>(IntStream.rangeClosed(1, 60)
                .mapToObj(n -> new State(n, n % 7 == 0 ? CallState.PENDING : CallState.SUCCEEDED, 1))
                .toList());
        java.util.Collections.shuffle(calls, new java.util.Random(7));
        for (State call : calls) {
            assertThat(cursor.knows(call)).isFalse();
            cursor.told(call);
            cursor = EventCursor.of(cursor.id());
            assertThat(cursor.knows(call)).isTrue();
        }
        assertThat(calls).allMatch(cursor::knows);
        assertThat(cursor.firstOpen()).isEqualTo(7);
        for (int n = 7; n <= 60; n += 7) {
            cursor.told(new State(n, CallState.SUCCEEDED, 1));
        }
        assertThat(cursor.id()).isEqualTo("none..-1.-1.SUCCEEDED*60!");
        assertThat(cursor.firstOpen()).isEqualTo(61);
        cursor.told(new State(62, CallState.FAILED, 3));
        assertThat(EventCursor.of(cursor.id()).knows(new State(62, CallState.FAILED, 3)))
                .isTrue();
        assertThat(cursor.knows(new State(62, CallState.FAILED, 4))).isFalse();
        assertThat(cursor.firstOpen()).as("call 61 may still come").isEqualTo(61);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "none..-1.-1.SUCCEEDED*0!",
                "none..-1.-1.SUCCEEDED*9999999!",
                "none..-1.-1.SUCCEEDED*1",
                "none..-1.-1.*1!",
                "none..1e9.-1."
            })
    void theCursorRefusesWhatIsNone(String id) {
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException().isThrownBy(() -> EventCursor.of(id));
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> EventCursor.of("none..-1.-1." + "-*1!".repeat(2_000)));
    }
}
