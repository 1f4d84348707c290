package io.drover.route.check;

/** The file is Camel's YAML DSL in its canonical form, which Kaoto opens and which has one spelling for each thing. */
final class CanonicalForm implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.root() != null) {
            Deviation.of(route.root()).forEach(deviation -> report(route, findings, deviation));
        }
    }

    private static void report(RouteSource route, Findings findings, Deviation deviation) {
        boolean isTop = deviation.names().isEmpty();
        String name = deviation.name().isEmpty() ? "the document" : deviation.name();
        String where = isTop ? "the document" : "'%s'".formatted(name);
        String property = deviation.unknown();
        if (property != null) {
            findings.add(
                    route,
                    Deviation.lineOfKey(deviation.node(), property),
                    CanonicalHints.unknown(where, property, isTop ? "" : name));
        } else if (deviation.isShortValue()) {
            findings.add(route, deviation.line(), CanonicalHints.shorthand(where, name));
        } else if (deviation.message().getType().equals("required")) {
            findings.add(
                    route,
                    deviation.line(),
                    "%s lacks '%s'".formatted(where, deviation.message().getProperty()));
        } else {
            findings.add(route, deviation.line(), "%s: %s".formatted(where, text(deviation)));
        }
    }

    private static String text(Deviation deviation) {
        String text = deviation.message().getMessage();
        int colon = text.indexOf(": ");
        return text.startsWith("$") && colon > 0 ? text.substring(colon + 2) : text;
    }
}
