package io.drover.security;

import io.drover.json.Digest;
import io.drover.problem.Problem;
import io.drover.task.IntakeFullException;
import io.drover.task.IntakeRoom;
import io.drover.task.SignedDelivery;
import io.drover.task.TaskProblems;
import io.drover.task.TaskProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in the requests of {@link SignedHooks} that have a right signature, and no others, whatever other credentials they have.
 * Wrong signatures count as guesses; a right one is never held back by them.
 */
final class SignatureFilter extends OncePerRequestFilter {

    private static final String POST = "POST";

    private final SignedHooks hooks;
    private final GuessLimits guesses;
    private final IntakeRoom room;
    private final int max;
    private final Clock clock;

    SignatureFilter(SignedHooks hooks, GuessLimits guesses, IntakeRoom room, TaskProperties limits, Clock clock) {
        this.hooks = hooks;
        this.guesses = guesses;
        this.room = room;
        this.max = limits.maxInputBytes();
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        SignedHook hook = hooks.of(request);
        if (hook == null) {
            chain.doFilter(request, response);
            return;
        }
        if (!request.getMethod().equals(POST)) { // the sender signs no other: neither method nor query are part of it
            response.setHeader("Allow", POST);
            ProblemResponse.write(request, response, Problem.methodNotAllowed(request.getMethod()));
            return;
        }
        SignedRequest signed;
        try {
            signed = verified(hook, request);
        } catch (SignedRequest.RefusedException e) {
            ProblemResponse.write(request, response, e.problem());
            return;
        } catch (IntakeFullException e) {
            ProblemResponse.write(request, response, TaskProblems.intakeFull(e));
            return;
        } catch (WrongSignatureException e) {
            refuse(hook, request, response, String.valueOf(e.getMessage()));
            return;
        }
        login(hook);
        signed.setAttribute(
                SignedDelivery.ATTRIBUTE, new SignedDelivery(Digest.hex(signed.body()), hook.hasIdInBody()));
        chain.doFilter(signed, response);
    }

    private static final class WrongSignatureException extends Exception {
        WrongSignatureException(String why) {
            super(why);
        }
    }

    /** The body is read only where the headers may be right. */
    private SignedRequest verified(SignedHook hook, HttpServletRequest request)
            throws WrongSignatureException, IOException {
        Signature signature = hook.signature(request);
        if (signature == null) {
            throw new WrongSignatureException(
                    "this hook needs the signature of its sender in the header %s".formatted(hook.header()));
        }
        if (hook.isStale(signature, clock.instant())) {
            throw new WrongSignatureException(hook.staleness());
        }
        SignedRequest signed = SignedRequest.read(request, hook.sender(), max, room);
        if (!hook.isRight(signature, signed.body())) {
            throw new WrongSignatureException(
                    "the signature in %s is not that of this body by a secret of drover.security.hooks; the bytes count as they came"
                            .formatted(hook.header()));
        }
        return signed;
    }

    private static void login(SignedHook hook) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new PreAuthenticatedAuthenticationToken(
                hook.sender(), "", AuthorityUtils.createAuthorityList(SignedHooks.AUTHORITY)));
        SecurityContextHolder.setContext(context);
    }

    private void refuse(SignedHook hook, HttpServletRequest request, HttpServletResponse response, String why)
            throws IOException {
        Duration wait = guesses.begin(hook.sender(), request.getRemoteAddr());
        if (wait == null) {
            response.setHeader("WWW-Authenticate", "Signature header=\"%s\"".formatted(hook.header()));
            ProblemResponse.write(request, response, Problem.of(HttpStatus.UNAUTHORIZED, why));
        } else {
            ProblemResponse.write(
                    request,
                    response,
                    Problem.of(
                                    HttpStatus.TOO_MANY_REQUESTS,
                                    "too many wrong signatures for this hook or from this address; "
                                            + "send the right one, or wait for the time in Retry-After")
                            .retryAfter(wait));
        }
    }
}
