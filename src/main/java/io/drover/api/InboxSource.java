package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.who.Actor;
import io.drover.who.Payload;
import io.drover.who.Workflows;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One kind of question to people. A bean of this type is one more kind in the inbox. */
public interface InboxSource {

    /** The page of the groups of dead tasks. */
    String DEAD = "/console/dead";

    /** The kind of its items, as the API writes it. */
    String kind();

    /** The role of those who decide about them. */
    String role();

    /** Its oldest items that match, and how many match. */
    Found find(Filter filter, int limit);

    /** The page where the item with this id is decided, or null if it is none of its, or waits no more. */
    @Nullable
    String page(String id);

    /**
     * Selects the items that match all fields. Null means any.
     *
     * @param until   only those that are there since then or longer
     * @param allowed only what is about tasks of these workflows
     */
    record Filter(@Nullable String tool, @Nullable String workflow, @Nullable Instant until, Workflows allowed) {

        boolean matches(@Nullable String itsTool, @Nullable String itsWorkflow, Instant since) {
            return (tool == null || tool.equals(itsTool))
                    && (workflow == null || workflow.equals(itsWorkflow))
                    && (until == null || !since.isAfter(until));
        }
    }

    /** @param count how many match; a source may stop counting at a large number */
    record Found(int count, List<Item> first) {}

    /** Something that waits for a person. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "InboxItem", description = "Something that waits for a person.")
    record Item(
            @Schema(description = "The same as long as it waits; `/console/inbox/<id>` leads to it.") String id,
            @Schema(description = "approval, doubt, dead or hold.") String kind,
            @Schema(description = "The role of those who decide.") String role,
            @Nullable String tool,
            @Nullable String workflow,
            @Schema(description = "The task, or one of them.") @Nullable UUID task,
            @Schema(description = "How many tasks or calls it stands for.") int count,
            @Payload @Schema(description = "Why it waits.") String reason,
            @Schema(description = "Since when.") Instant since,
            @Schema(description = "The page where it is decided.") String page) {

        Item as(Actor actor) {
            return new Item(id, kind, role, tool, workflow, task, count, reason, since, InboxSource.page(page, actor));
        }
    }

    /** The page of a group of dead tasks has their reason in its address, which is a payload. */
    static String page(String page, Actor actor) {
        return page.startsWith(DEAD + "/") && !actor.seesPayloads() ? DEAD : page;
    }
}
