package io.drover.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * How a guardrail stands. Evidence is the logarithm to the base 10 of an e-value: 2 says that what is seen is a hundred times as
 * probable as it would be without a reason for the verdict.
 *
 * @param pairs     how many tasks of each side were compared
 * @param control   of those of the control, how many were bad
 * @param candidate of those of the candidate, how many were bad
 * @param worse     the evidence that the candidate's share is greater
 * @param worseFrom the evidence from which it is called worse
 * @param good      the evidence that its share is not greater by the tolerance
 * @param goodFrom  the evidence from which the guardrail is no obstacle
 */
public record Evidence(
        String guardrail,
        long pairs,
        long control,
        long candidate,
        double worse,
        double worseFrom,
        double good,
        double goodFrom) {

    static String document(List<Evidence> all) {
        ArrayNode document = Json.mapper().createArrayNode();
        all.forEach(one -> document.addObject()
                .put("guardrail", one.guardrail)
                .put("pairs", one.pairs)
                .put("control", one.control)
                .put("candidate", one.candidate)
                .put("worse", one.worse)
                .put("worseFrom", one.worseFrom)
                .put("good", one.good)
                .put("goodFrom", one.goodFrom));
        return document.toString();
    }

    /** The inverse of {@link #document}. */
    static List<Evidence> of(JsonNode document) {
        List<Evidence> all = new ArrayList<>();
        document.forEach(one -> all.add(new Evidence(
                one.path("guardrail").asText(),
                one.path("pairs").asLong(),
                one.path("control").asLong(),
                one.path("candidate").asLong(),
                one.path("worse").asDouble(),
                one.path("worseFrom").asDouble(),
                one.path("good").asDouble(),
                one.path("goodFrom").asDouble())));
        return all;
    }
}
