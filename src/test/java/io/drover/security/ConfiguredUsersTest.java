package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.security.SecurityProperties.User;
import io.drover.start.RefusedToStartException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Quick
class ConfiguredUsersTest {

    private static final String HASH = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

    @ParameterizedTest
    @ValueSource(
            strings = {"secret", "", "{noop}secret", "{bcrypt}secret", "{md5}0123", "$2b$04$short", "{}x", "{secret"})
    void refusesAPlainPasswordWithoutRepeatingIt(String password) {
        assertThatThrownBy(() -> users(new User("ada", password, Set.of("operator"), null)))
                .isInstanceOf(RefusedToStartException.class)
                .hasMessageContaining("drover.security.users[0].password-hash of user 'ada' is not a hash")
                .hasMessageContaining("htpasswd")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {HASH, "{bcrypt}" + HASH, "{argon2}$argon2id$v=19$x", "{pbkdf2@SpringSecurity_v5_8}ab"})
    void takesAHash(String hash) {
        assertThat(users(new User("ada", hash, Set.of("operator"), null))
                        .loadUserByUsername("ada")
                        .getPassword())
                .startsWith("{");
    }

    @Test
    void refusesUnknownRolesAndDoubleNames() {
        assertThatThrownBy(() -> users(new User("ada", HASH, Set.of("root"), null)))
                .hasMessageContaining("operator, viewer, reader, approver, submitter, scraper or admin");
        assertThatThrownBy(() -> users(new User("ada", HASH, Set.of(), null)))
                .hasMessageContaining("operator, viewer, reader, approver, submitter, scraper or admin");
        assertThatThrownBy(() -> users(new User("a:b", HASH, Set.of("viewer"), null)))
                .hasMessageContaining("colon");
        User ada = new User("ada", HASH, Set.of("viewer"), null);
        assertThatThrownBy(() -> users(ada, ada)).hasMessageContaining("taken");
    }

    @Test
    void limitsAUserToWorkflows() {
        assertThat(users(new User("ada", HASH, Set.of("viewer"), Set.of("billing-*")))
                        .loadUserByUsername("ada")
                        .getAuthorities())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("ROLE_viewer", "WORKFLOWS_billing-*");
        assertThat(users(new User("ada", HASH, Set.of("viewer"), Set.of("*", "x")))
                        .loadUserByUsername("ada")
                        .getAuthorities())
                .hasSize(1);
        for (Set<String> none : List.of(Set.<String>of(), Set.of("a.b"), Set.of(""), Set.of("a|b"), Set.of("("))) {
            assertThatThrownBy(() -> users(new User("ada", HASH, Set.of("viewer"), none)))
                    .hasMessageContaining("drover.security.users[0].workflows");
        }
    }

    private static ConfiguredUsers users(User... users) {
        return new ConfiguredUsers(new SecurityProperties(List.of(users)));
    }
}
