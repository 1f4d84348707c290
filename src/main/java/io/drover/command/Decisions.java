package io.drover.command;

import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.List;
import java.util.UUID;

/** One decision about each of some tasks, holds or grants. */
final class Decisions {

    private Decisions() {}

    /** What is decided about one. */
    interface Decision<T> {
        void about(T id) throws RefusedException;
    }

    /** What is refused of one does not keep the others from being decided. @return the exit code */
    static <T> int each(List<T> ids, RemoteCommand command, Decision<T> decision) {
        int exitCode = 0;
        for (T id : ids) {
            try {
                decision.about(id);
            } catch (RefusedException e) {
                command.complain(id + ": " + e.getMessage());
                exitCode = 1;
            }
        }
        return exitCode;
    }

    /** The same for tasks. @param decision the last part of its path */
    static int each(List<UUID> ids, String decision, RemoteCommand command, Api api) {
        return each(ids, command, id -> {
            Answer answer = api.post("/api/tasks/%s/%s".formatted(id, decision), null);
            command.show(
                    answer,
                    () -> command.say(id + " is " + answer.json().path("status").asText()));
        });
    }
}
