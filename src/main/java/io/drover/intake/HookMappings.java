package io.drover.intake;

import io.drover.problem.Problem;
import io.drover.task.KeyOwners;
import io.drover.task.SignedDelivery;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * Answers requests whose hook is stopped.
 * Camel's starter does not remove the path of a stopped consumer from Spring MVC.
 * So a request would fail there, and for ever if the route is removed.
 */
@Component
class HookMappings {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final ObjectProvider<CamelRequestHandlerMapping> mappings;

    /** @param mappings absent in a process without a web server */
    HookMappings(ObjectProvider<CamelRequestHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    /** The user who sent a request, or an empty text. */
    String user(Exchange exchange) {
        return exchange.getMessage() instanceof PlatformHttpMessage message
                        && message.getRequest().getAttribute(KeyOwners.USER_ATTRIBUTE) instanceof String user
                ? user
                : "";
    }

    /** What a request's sender signed; null unless the hook is verified by a signature. */
    @Nullable
    SignedDelivery signed(Exchange exchange) {
        return exchange.getMessage() instanceof PlatformHttpMessage message
                        && message.getRequest().getAttribute(SignedDelivery.ATTRIBUTE) instanceof SignedDelivery signed
                ? signed
                : null;
    }

    /** Why the body of a request was refused while Camel read it, or null: Camel goes on without the rest. */
    @Nullable
    Problem refusal(Exchange exchange) {
        return exchange.getMessage() instanceof PlatformHttpMessage message
                        && message.getRequest().getAttribute(Problem.ATTRIBUTE) instanceof Problem problem
                ? problem
                : null;
    }

    /** The body of a form, or null: Camel has read that of a POST, and leaves any other. */
    @Nullable
    String text(Exchange exchange) throws IOException {
        if (!(exchange.getMessage() instanceof PlatformHttpMessage message)) {
            return null;
        }
        HttpServletRequest request = message.getRequest();
        if (request.getAttribute(HookBody.TEXT) instanceof String text) {
            return text;
        }
        try (Reader reader = request.getReader()) {
            StringWriter text = new StringWriter();
            reader.transferTo(text); // up to the limit of bodies
            return text.toString();
        }
    }

    /** The answer of a stopped hook. */
    record Stopped(HttpHook hook) {

        ResponseEntity<ProblemDetail> answer() {
            Problem problem = stopped();
            return ResponseEntity.status(problem.status())
                    .header(HttpHeaders.RETRY_AFTER, Problem.seconds(SOON))
                    .body(problem.document());
        }
    }

    static Problem stopped() {
        return Problem.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the hook's route is stopped or being replaced; send it again later")
                .retryAfter(SOON);
    }

    /** The paths of a stopped consumer ask the client to come back, until another consumer takes them over. */
    void stopped(Consumer consumer, HttpHook hook) {
        Object handler =
                consumer instanceof PlatformHttpConsumerAware aware ? aware.getPlatformHttpConsumer() : consumer;
        var answer = ReflectionUtils.findMethod(Stopped.class, "answer");
        mappings.ifAvailable(
                mapping -> handledBy(mapping, bean -> bean == handler).forEach(path -> {
                    mapping.unregisterMapping(path);
                    mapping.registerMapping(path, new Stopped(hook), answer);
                }));
    }

    /** The paths of this stopped hook are no longer answered. */
    void removed(HttpHook hook) {
        mappings.ifAvailable(
                mapping -> handledBy(mapping, bean -> bean instanceof Stopped stopped && stopped.hook() == hook)
                        .forEach(mapping::unregisterMapping));
    }

    private static List<RequestMappingInfo> handledBy(CamelRequestHandlerMapping mapping, Predicate<Object> bean) {
        return mapping.getHandlerMethods().entrySet().stream()
                .filter(entry -> bean.test(entry.getValue().getBean()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
