package io.drover.command;

import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.List;
import java.util.UUID;

/** One decision about each of some tasks. */
final class Decisions {

    private Decisions() {}

    /** What is refused of one does not keep the others from being decided. @return the exit code */
    static int each(List<UUID> ids, String decision, RemoteCommand command, Api api) {
        int exitCode = 0;
        for (UUID id : ids) {
            try {
                Answer answer = api.post("/api/tasks/%s/%s".formatted(id, decision), null);
                command.show(
                        answer,
                        () -> command.say(
                                id + " is " + answer.json().path("status").asText()));
            } catch (RefusedException e) {
                command.complain(id + ": " + e.getMessage());
                exitCode = 1;
            }
        }
        return exitCode;
    }
}
