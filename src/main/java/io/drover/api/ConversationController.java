package io.drover.api;

import io.drover.agent.Transcripts;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What agents and their models said. */
@RestController
@Tag(name = "tasks")
public class ConversationController {

    /** Of a task, in the order in which they began. */
    @Schema(name = "Conversations")
    public record All(List<ConversationInfo> conversations) {}

    private final TaskController tasks;
    private final TaskStore store;
    private final Transcripts transcripts;

    ConversationController(TaskController tasks, TaskStore store, Transcripts transcripts) {
        this.tasks = tasks;
        this.store = store;
        this.transcripts = transcripts;
    }

    @GetMapping("/api/tasks/{id}/conversations")
    @Operation(
            operationId = "listConversations",
            summary = "Show what the agents of a task and their models said, turn by turn",
            description =
                    "Put together from the journal: each answer of the model, the calls that it asked for, what came of them, tokens and cost.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "The task does not exist.")
    public All list(@PathVariable UUID id, Actor actor) {
        TaskView task = tasks.visible(id, actor);
        return new All(transcripts.of(task.input(), store.calls(id)).stream()
                .map(ConversationInfo::of)
                .toList());
    }
}
