package io.drover.api;

import io.drover.api.InboxSource.Filter;
import io.drover.api.InboxSource.Found;
import io.drover.api.InboxSource.Item;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Everything that waits for a person, in one list. */
@RestController
@Tag(name = "decisions")
public class InboxController {

    private static final int MOST = 1_000;
    private static final int LONGEST_NAME = 128;
    private static final String TIME = "a time of at most 3650 days, as in 30m, 2h or 1d";

    /** What waits. */
    @Schema(name = "Inbox")
    public record Inbox(
            @Schema(description = "How many match, by kind; up to 10000 of each.") Map<String, Integer> counts,
            @Schema(description = "The oldest of them.") List<Item> items) {}

    private final List<InboxSource> sources;
    private final Clock clock;

    InboxController(List<InboxSource> sources, Clock clock) {
        this.sources =
                sources.stream().sorted(Comparator.comparing(InboxSource::kind)).toList();
        this.clock = clock;
    }

    @GetMapping("/api/inbox")
    @Operation(
            operationId = "inbox",
            summary = "List what waits for a person, the oldest first",
            description =
                    "Approvals, calls in doubt, groups of dead tasks and holds in force. They are decided by `/api/approvals/vote`, `/api/calls/resolve`, `/api/dead/retry` and `/api/holds/{id}`.")
    @ApiResponse(responseCode = "200")
    public Inbox list(
            @Parameter(description = "approval, doubt, dead or hold.") @RequestParam(required = false) @Nullable
                    String kind,
            @Parameter(description = "The role of those who decide.") @RequestParam(required = false) @Nullable
                    String role,
            @RequestParam(required = false) @Nullable String tool,
            @RequestParam(required = false) @Nullable String workflow,
            @Parameter(description = "Only what has waited as long as that, as in 30m or 2h.")
                    @RequestParam(required = false)
                    @Nullable
                    String age,
            @Parameter(description = "The maximum number; 1 to 1000.") @RequestParam(defaultValue = "100") int limit,
            Actor actor) {
        if (limit < 1 || limit > MOST) {
            throw ProblemException.badField("limit", limit, "is out of range", "1 to 1000");
        }
        if (tool != null && (tool.length() > LONGEST_NAME || tool.indexOf('\0') >= 0)) {
            throw ProblemException.badField("tool", tool, "is not a tool's name", "the name of a tool");
        }
        TaskController.checkWorkflow(workflow);
        checkKind(kind);
        Filter filter = new Filter(tool, workflow, until(age), actor.workflows());
        Map<String, Integer> counts = new TreeMap<>();
        List<Item> items = new ArrayList<>();
        for (InboxSource source : sources) {
            if ((kind == null || kind.equals(source.kind())) && (role == null || role.equals(source.role()))) {
                Found found = source.find(filter, limit);
                counts.put(source.kind(), found.count());
                items.addAll(found.first());
            }
        }
        items.sort(Comparator.comparing(Item::since).thenComparing(Item::id));
        return new Inbox(
                counts, items.stream().limit(limit).map(item -> item.as(actor)).toList());
    }

    /** The page where one item is decided. */
    public String page(String id, Actor actor) {
        return sources.stream()
                .map(source -> source.page(id))
                .filter(Objects::nonNull)
                .map(page -> InboxSource.page(page, actor))
                .findFirst()
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.NOT_FOUND,
                        "not-found",
                        "nothing with the id '%s' waits for a person; /console/inbox lists what does".formatted(id)));
    }

    private void checkKind(@Nullable String kind) {
        TreeSet<String> kinds = new TreeSet<>();
        sources.forEach(source -> kinds.add(source.kind()));
        if (kind != null && !kinds.contains(kind)) {
            throw ProblemException.badField("kind", kind, "is unknown", "one of " + kinds);
        }
    }

    /** Since when at the latest something waits that has this age; null for any age. */
    public @Nullable Instant until(@Nullable String age) {
        if (age == null) {
            return null;
        }
        try {
            Duration least = TimeText.parse(age);
            if (!least.isNegative() && least.compareTo(Duration.ofDays(3650)) <= 0) {
                return clock.instant().minus(least);
            }
        } catch (IllegalArgumentException e) { // as below
        }
        throw ProblemException.badField("age", age, "is not a time with its unit", TIME);
    }
}
