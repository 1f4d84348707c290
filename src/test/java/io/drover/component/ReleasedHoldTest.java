package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
import io.drover.who.Actor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What happens to many tasks when a hold is released, and to a process that nobody tells of a hold. */
class ReleasedHoldTest extends WaitsTestBase {

    private static final Actor ANN = Actor.person("ann");

    @Autowired
    HoldsInForce holds;

    @Test
    void tasksGoOnInTheirOrderAndTheRateOfTheToolHolds() {
        Hold hold = holds.set(new Holds.Request(Hold.Kind.TOOL, "rare", "an incident", null), ANN)
                .hold();
        List<String> ids = IntStream.range(0, 8)
                .mapToObj(i -> submit("calls-rare", "{\"name\":\"%s\",\"n\":%d}".formatted(name, i)))
                .toList();
        ids.forEach(id -> waits(id, "HELD"));

        holds.release(hold.id(), ANN);

        ids.subList(0, 3)
                .forEach(id -> assertThat(ended(id).path("status").asText()).isEqualTo("COMPLETED"));
        ids.subList(3, 8).forEach(id -> waits(id, "DELAY"));
        assertThat(notes()).containsExactly("rare 0", "rare 1", "rare 2");
        ids.subList(3, 8).forEach(id -> assertThat(
                        api().post("/api/tasks/%s/cancel".formatted(id), "").status())
                .isLessThan(300));
    }

    @Test
    void whoLostTheConnectionOnWhichItListensKnowsAHoldAndListensAgain() {
        assertThat(listening("count(pg_terminate_backend(pid))")).isPositive();

        jdbc.sql("insert into hold (kind, name, reason, who) values ('TOOL', 'rare', 'an incident', 'ann')")
                .update(); // nobody notifies
        soon().until(() -> holds.on("tool:rare") != null);
        jdbc.sql("delete from hold").update();
        soon().until(() -> holds.on("tool:rare") == null);

        soon().until(() -> listening("count(*)") > 0);
    }

    private int listening(String what) {
        return jdbc.sql("select %s from pg_stat_activity where datname = current_database() and query like 'listen %%'"
                        .formatted(what))
                .query(Integer.class)
                .single();
    }
}
