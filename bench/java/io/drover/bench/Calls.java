package io.drover.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The three tool calls of the floors, and what is done with their answers. */
final class Calls {

    private static final RawHttp HTTP = RawHttp.to(System.getenv("STUB_URL"));

    private Calls() {}

    static String customer(String id) throws Exception {
        return HTTP.call("GET", "/customer/" + id, "", null);
    }

    static String orders(String id) throws Exception {
        return HTTP.call("GET", "/orders/" + id, "", null);
    }

    static String ticket(String id, String customer, String orders) throws Exception {
        JsonNode person = Protocol.JSON.readTree(customer);
        ObjectNode body = Protocol.object()
                .put("task", id)
                .put("customer", person.get("id").asText())
                .put("tier", person.get("tier").asText());
        ArrayNode late = body.putArray("late");
        for (JsonNode order : Protocol.JSON.readTree(orders).get("orders")) {
            if (order.get("state").asText().equals("late")) {
                late.add(order.get("id").asText());
            }
        }
        return HTTP.call("POST", "/ticket", "Idempotency-Key: " + id + "\r\n", body.toString());
    }

    static String result(String id, String customer, String orders, String ticket) throws Exception {
        return Protocol.object()
                .put("task", id)
                .put("customer", Protocol.JSON.readTree(customer).get("id").asText())
                .put("orders", Protocol.JSON.readTree(orders).get("orders").size())
                .put("ticket", Protocol.JSON.readTree(ticket).get("ticket").asText())
                .toString();
    }
}
