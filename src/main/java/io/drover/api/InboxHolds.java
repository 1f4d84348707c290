package io.drover.api;

import io.drover.hold.Hold;
import io.drover.hold.HoldsInForce;
import io.drover.who.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Holds in force, each of which somebody has to release. */
@Component
class InboxHolds implements InboxSource {

    private final HoldsInForce holds;

    InboxHolds(HoldsInForce holds) {
        this.holds = holds;
    }

    @Override
    public String kind() {
        return "hold";
    }

    @Override
    public String role() {
        return Role.OPERATOR.text();
    }

    @Override
    public Found find(Filter filter, int limit) {
        List<Item> items = holds.all().stream()
                .filter(hold -> filter.allowed().isAll()
                        || hold.kind() == Hold.Kind.WORKFLOW && filter.allowed().allow(String.valueOf(hold.name())))
                .map(this::item)
                .filter(item -> filter.matches(item.tool(), item.workflow(), item.since()))
                .toList();
        return new Found(items.size(), items.stream().limit(limit).toList());
    }

    private Item item(Hold hold) {
        return new Item(
                "hold-" + hold.id(),
                kind(),
                role(),
                nameOf(hold, Hold.Kind.TOOL),
                nameOf(hold, Hold.Kind.WORKFLOW),
                null,
                1,
                "%s: %s".formatted(hold.subject(), hold.reason()),
                hold.since(),
                page(hold));
    }

    @Override
    public @Nullable String page(String id) {
        return holds.all().stream()
                .filter(hold -> id.equals("hold-" + hold.id()))
                .map(InboxHolds::page)
                .findAny()
                .orElse(null);
    }

    private static String page(Hold hold) {
        return "/console/holds#hold-" + hold.id();
    }

    private static @Nullable String nameOf(Hold hold, Hold.Kind kind) {
        return hold.kind() == kind ? hold.name() : null;
    }
}
