package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A call as the code of the tool's steps sees it. It stands here and not in package {@code tool}, which knows neither
 * tasks nor Camel: it says in whose name the call is made, and is found on the exchange that carries it.
 */
public interface ToolInvocation {

    /** The arguments of the call, valid against the tool's schema. */
    JsonNode arguments();

    /** The same for every try of the call, in every attempt and process. */
    UUID idempotencyKey();

    /** In whose name it is made. */
    TaskContext context();

    /** What the caller gave beside the arguments, or null. */
    @Nullable
    Object payload();

    /**
     * The call in whose steps an exchange is.
     *
     * @throws IllegalStateException when there is none
     */
    static ToolInvocation of(Exchange exchange) {
        return Try.of(exchange);
    }
}
