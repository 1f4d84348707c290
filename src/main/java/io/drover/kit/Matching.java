package io.drover.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares a document with what it is to hold at least: members that are not named may be there, too. */
final class Matching {

    private static final int MOST = 10;

    private Matching() {}

    static boolean fits(JsonNode wanted, JsonNode found) {
        return differences(wanted, found).isEmpty();
    }

    /** Where the document is not as wanted, each with its place; at most ten. */
    static List<String> differences(JsonNode wanted, JsonNode found) {
        List<String> all = new ArrayList<>();
        compare("", wanted, found, all);
        return all.size() > MOST ? all.subList(0, MOST) : all;
    }

    private static void compare(String place, JsonNode wanted, JsonNode found, List<String> all) {
        if (wanted.isObject() && found.isObject()) {
            for (Map.Entry<String, JsonNode> member : wanted.properties()) {
                String name = place.isEmpty() ? member.getKey() : place + "." + member.getKey();
                if (found.has(member.getKey())) {
                    compare(name, member.getValue(), found.get(member.getKey()), all);
                } else {
                    all.add("%s: expected %s, and it is not there".formatted(name, Json.write(member.getValue())));
                }
            }
        } else if (wanted.isArray() && found.isArray() && wanted.size() == found.size()) {
            for (int i = 0; i < wanted.size(); i++) {
                compare("%s[%d]".formatted(place, i), wanted.get(i), found.get(i), all);
            }
        } else if (!isSame(wanted, found)) {
            all.add("%sexpected %s, found %s"
                    .formatted(place.isEmpty() ? "" : place + ": ", Json.write(wanted), Json.write(found)));
        }
    }

    private static boolean isSame(JsonNode wanted, JsonNode found) {
        return wanted.isNumber() && found.isNumber()
                ? wanted.decimalValue().compareTo(found.decimalValue()) == 0
                : wanted.equals(found);
    }
}
