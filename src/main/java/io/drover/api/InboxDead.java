package io.drover.api;

import io.drover.journal.DeadTasks;
import io.drover.json.Digest;
import io.drover.who.Role;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/** Dead tasks, grouped by what they died of. */
@Component
class InboxDead implements InboxSource {

    private final DeadTasks dead;

    InboxDead(DeadTasks dead) {
        this.dead = dead;
    }

    @Override
    public String kind() {
        return "dead";
    }

    @Override
    public String role() {
        return Role.OPERATOR.text();
    }

    @Override
    public Found find(Filter filter, int limit) {
        if (filter.tool() != null) {
            return new Found(0, List.of()); // a task dies, not a tool
        }
        List<Item> items = dead.groups(filter.workflow(), filter.allowed()).stream()
                .map(this::item)
                .filter(item -> filter.matches(null, item.workflow(), item.since()))
                .sorted(Comparator.comparing(Item::since))
                .toList();
        return new Found(items.size(), items.stream().limit(limit).toList());
    }

    @Override
    public @Nullable String page(String id) {
        return dead.groups(null).stream()
                .map(this::item)
                .filter(item -> item.id().equals(id))
                .map(Item::page)
                .findAny()
                .orElse(null);
    }

    private Item item(DeadTasks.Group group) {
        return new Item(
                "dead-" + Digest.uuid("dead", group.workflow(), group.type(), group.reason()),
                kind(),
                role(),
                null,
                group.workflow(),
                group.example(),
                group.count(),
                group.message(),
                group.oldest(),
                UriComponentsBuilder.fromPath(DEAD + "/retry")
                        .queryParam("workflow", "{workflow}")
                        .queryParam("type", "{type}")
                        .queryParam("reason", "{reason}")
                        .encode()
                        .buildAndExpand(group.workflow(), group.type(), group.reason())
                        .toUriString());
    }
}
