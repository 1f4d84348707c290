package io.drover.security;

import io.drover.journal.ApiKeys;
import io.drover.start.RefusedToStartException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.stereotype.Component;

/** Refuses to start a process that would let no one in: it would look alive, and answer every request with 401. */
@Component
@ConditionalOnWebApplication
@DependsOnDatabaseInitialization
class SomeCaller {

    SomeCaller(SecurityProperties users, OidcProperties oidc, ApiKeys keys) {
        if (users.users().isEmpty() && !oidc.isConfigured() && !keys.isAnyInForce()) {
            throw new RefusedToStartException(
                    "no one could log in: drover.security.users names no user, drover.security.oidc.issuer is not set, and no"
                            + " API key counts; set drover.security.users[0].name, drover.security.users[0].password-hash"
                            + " and drover.security.users[0].roles (" + ConfiguredUsers.ROLES + "); "
                            + ConfiguredUsers.MAKE_A_HASH);
        }
    }
}
