package io.drover.security;

import io.drover.journal.KeyOwner;
import io.drover.start.RefusedToStartException;
import io.drover.task.KeyOwners;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** {@code drover.security.users[n].owner}: the users who name the same owner share their keys. */
@Component
class ConfiguredKeyOwners implements KeyOwners {

    private static final int LONGEST = 100;

    /** The part of a user's settings that matters here. */
    record User(@Nullable String name, @Nullable String owner) {}

    private final Map<String, String> owners = new HashMap<>();

    ConfiguredKeyOwners(Environment environment) {
        List<User> users = Binder.get(environment)
                .bind("drover.security.users", Bindable.listOf(User.class))
                .orElse(List.of());
        for (int i = 0; i < users.size(); i++) {
            User user = users.get(i);
            if (user.name() != null) {
                owners.put(user.name(), KeyOwner.user(user.owner() == null ? user.name() : check(i, user.owner())));
            }
        }
    }

    private static String check(int i, String owner) {
        if (owner.isBlank() || owner.length() > LONGEST || owner.chars().anyMatch(Character::isISOControl)) {
            throw new RefusedToStartException(
                    "drover.security.users[%d].owner must be 1 to %d characters, not blank, without control characters"
                            .formatted(i, LONGEST));
        }
        return owner;
    }

    @Override
    public String of(String user) {
        return owners.getOrDefault(user, KeyOwner.user(user));
    }

    @Override
    public Collection<String> all() {
        return owners.values();
    }
}
