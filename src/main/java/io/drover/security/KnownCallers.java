package io.drover.security;

import io.drover.journal.ApiKeys;
import io.drover.who.Actor;
import io.drover.who.Callers;
import java.time.Clock;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/** Users and keys. */
@Component
@ConditionalOnWebApplication
class KnownCallers implements Callers {

    private final ConfiguredUsers users;
    private final ApiKeys keys;
    private final Clock clock;

    KnownCallers(ConfiguredUsers users, ApiKeys keys, Clock clock) {
        this.clock = clock;
        this.users = users;
        this.keys = keys;
    }

    @Override
    public Optional<Actor> find(String name) {
        Optional<Actor> key = keys.list().stream()
                .filter(known ->
                        known.isInForce(clock.instant()) && known.actor().equals(name))
                .map(known -> new Actor(name, Actor.Kind.SERVICE, known.roles(), known.workflows()))
                .findFirst();
        return key.isPresent() ? key : user(name);
    }

    private Optional<Actor> user(String name) {
        try {
            return Optional.of(Actors.of(
                    name, Actor.Kind.PERSON, users.loadUserByUsername(name).getAuthorities()));
        } catch (UsernameNotFoundException e) {
            return Optional.empty();
        }
    }
}
