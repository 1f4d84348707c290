package io.drover.security;

import io.drover.who.KeyText;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Lets in bearer tokens: API keys, and the tokens of the issuer. What is neither counts as a guess. */
@Component
@ConditionalOnWebApplication
class BearerLogins {

    private final ApiKeyLogins keys;
    private final OidcLogins oidc;
    private final GuessLimits guesses;

    BearerLogins(ApiKeyLogins keys, OidcLogins oidc, GuessLimits guesses) {
        this.keys = keys;
        this.oidc = oidc;
        this.guesses = guesses;
    }

    Authentication login(Authentication bearer) {
        String token = ((BearerTokenAuthenticationToken) bearer).getToken();
        byte[] digest = KeyText.digest(token);
        String hex = HexFormat.of().formatHex(digest);
        String address = address(bearer);
        if (!KeyText.isKey(token)) {
            return limited(hex, address, () -> oidc.check(token));
        }
        Authentication known = keys.remembered(hex);
        return known != null ? known : limited(hex, address, () -> keys.check(hex, digest));
    }

    /**
     * One that was right before from this address is not held back by guesses of others.
     *
     * @param digest of the token, as the name of what is guessed
     */
    private Authentication limited(String digest, String address, Supplier<@Nullable Authentication> check) {
        String name = "token " + digest;
        Duration wait = guesses.begin(name, address);
        if (wait != null) {
            throw new TooManyLoginsException(
                    "too many wrong tokens or passwords from this address; send the right one after the time in Retry-After",
                    wait);
        }
        Authentication user;
        try {
            user = check.get();
        } catch (UnknownNowException e) {
            guesses.wasRight(name, address); // it is not known to be wrong
            throw e;
        }
        if (user == null) {
            throw new BadCredentialsException("no such token");
        }
        guesses.wasRight(name, address);
        return user;
    }

    private static String address(Authentication token) {
        return token.getDetails() instanceof WebAuthenticationDetails details
                ? String.valueOf(details.getRemoteAddress())
                : "unknown";
    }
}
