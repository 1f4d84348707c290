package io.drover.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.task.SignedDelivery;
import java.util.List;
import org.apache.camel.Message;
import org.apache.camel.RuntimeCamelException;
import org.jspecify.annotations.Nullable;

/** Which delivery a request to a hook is: the sender says the same when it sends it again. */
final class Deliveries {

    /** The first that is there counts. {@code webhook-id} is of Standard Webhooks, {@code ce-id} of CloudEvents. */
    private static final List<String> HEADERS = List.of(
            "Idempotency-Key",
            "webhook-id",
            "svix-id",
            "ce-id",
            "X-GitHub-Delivery",
            "X-Gitlab-Event-UUID",
            "X-Shopify-Webhook-Id",
            "X-Atlassian-Webhook-Identifier",
            "I-Twilio-Idempotency-Token");

    /** Stripe says it in the body alone. */
    private static final String STRIPE = "Stripe-Signature";

    private Deliveries() {}

    /**
     * @param signed what its sender signed, or null
     * @return null where the request does not say
     */
    static @Nullable String of(Message request, @Nullable SignedDelivery signed) {
        if (signed != null) { // a header that is not signed would make a second task of a body that was recorded
            String event = signed.idInBody() ? inBody(request) : null;
            return event == null ? "signed/" + signed.digest() : event;
        }
        for (String header : HEADERS) {
            String value = request.getHeader(header, String.class);
            if (value != null && !value.isBlank()) {
                return header + "/" + value.strip();
            }
        }
        return request.getHeader(STRIPE) == null ? null : inBody(request);
    }

    private static @Nullable String inBody(Message request) {
        try {
            String body = request.getBody(String.class);
            request.setBody(body); // a stream is read once
            JsonNode id = body == null ? null : Json.parse(body).get("id");
            return id == null || !id.isTextual() ? null : "stripe/" + id.textValue();
        } catch (JsonProcessingException | RuntimeCamelException e) {
            return null; // whoever submits it says what is wrong with it
        }
    }
}
