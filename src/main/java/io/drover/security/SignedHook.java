package io.drover.security;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hook whose sender signs its requests. */
final class SignedHook {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final String path;
    private final SignatureStyle style;
    private final List<byte[]> secrets;
    private final Duration tolerance;

    SignedHook(HookProperties.Hook hook) {
        this.path = String.valueOf(hook.path());
        this.style = HookProperties.style(path, hook.signature());
        this.secrets = hook.secrets().stream()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.tolerance = hook.tolerance() == null ? TOLERANCE : hook.tolerance();
    }

    String path() {
        return path;
    }

    /** Whom its tasks belong to. No user has a colon in its name. */
    String sender() {
        return "hook:" + path;
    }

    String header() {
        return style.header();
    }

    /** Whether the body has an id that stays the same when the sender sends an event again, with other bytes. */
    boolean hasIdInBody() {
        return style == SignatureStyle.STRIPE;
    }

    /** What a request's headers say, or null if that is no signature. */
    @Nullable
    Signature signature(HttpServletRequest request) {
        return style.read(request);
    }

    /** Whether the time that was signed is too far from now for a request that has just been sent. */
    boolean isStale(Signature signature, Instant now) {
        return signature.at() != null
                && Duration.between(signature.at(), now).abs().compareTo(tolerance) > 0;
    }

    boolean isRight(Signature signature, byte[] body) {
        return signature.isOf(body, secrets);
    }

    /** Why a signature is refused whose time is too far away. */
    String staleness() {
        return "the time in this request's signature is more than %d s from now; send it again, or set the clock"
                .formatted(tolerance.toSeconds());
    }
}
