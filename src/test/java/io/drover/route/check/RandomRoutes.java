package io.drover.route.check;

import java.util.List;
import java.util.Random;

/** Routes as people write them: in shorthand or not, in blocks or in braces, with comments, quotes and long texts. */
final class RandomRoutes {

    private static final List<String> TEXTS = List.of(
            "a",
            "${body}",
            "a b, c",
            "x: y",
            "# no",
            "{a}",
            "it's",
            "\"q\"",
            "é \ud83d\ude00",
            "[1]",
            "a\\b",
            "-",
            "5");

    private final Random random;
    private int comments;

    RandomRoutes(Random random) {
        this.random = random;
    }

    String text() {
        StringBuilder out =
                new StringBuilder(comment("")).append("- route:\n    id: x").append(comment("  "));
        out.append("    from:\n      uri: direct:x\n      steps:\n");
        steps(out, 8, 3);
        return out.toString();
    }

    private void steps(StringBuilder out, int indent, int depth) {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            if (chance(4)) {
                out.append(" ".repeat(indent)).append("# c%d\n".formatted(++comments));
            }
            if (chance(5)) {
                out.append('\n');
            }
            out.append(" ".repeat(indent)).append("- ");
            step(out, indent + 2, depth);
        }
    }

    private void step(StringBuilder out, int indent, int depth) {
        switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> option(out, "to", "uri", indent, "direct:a");
            case 1 -> option(out, "log", "message", indent, null);
            case 2 -> option(out, "removeHeader", "name", indent, null);
            case 3 -> {
                if (chance(3)) {
                    out.append("setBody: ").append(flowExpression()).append(comment(" "));
                } else {
                    out.append("setBody:").append(comment("  "));
                    expression(out, indent + 2);
                }
            }
            case 4 -> {
                out.append("setHeader:\n");
                boolean first = chance(2);
                if (first) {
                    out.append(" ".repeat(indent + 2)).append("name: h").append(comment(" "));
                }
                out.append(" ".repeat(first ? 0 : 0));
                expression(out, indent + 2);
                if (!first) {
                    out.append(" ".repeat(indent + 2)).append("name: h\n");
                }
            }
            case 5, 6 -> {
                out.append(chance(2) ? "filter:\n" : "split:\n");
                expression(out, indent + 2);
                out.append(" ".repeat(indent + 2)).append("steps:\n");
                steps(out, indent + (chance(2) ? 4 : 2), depth - 1);
            }
            default -> {
                out.append("choice:\n").append(" ".repeat(indent + 2)).append("when:\n");
                out.append(" ".repeat(indent + 4)).append("- steps:\n");
                steps(out, indent + 8, depth - 1);
                expression(out, indent + 6);
            }
        }
    }

    /** A step with one option. */
    private void option(StringBuilder out, String step, String option, int indent, String text) {
        switch (random.nextInt(4)) {
            case 0 ->
                out.append("%s: { %s: %s }".formatted(step, option, flowText(text)))
                        .append(comment("  "));
            case 1 -> {
                out.append(step)
                        .append(":\n")
                        .append(" ".repeat(indent + 2))
                        .append(option)
                        .append(": ");
                blockText(out, indent + 2, text);
            }
            case 2 -> {
                out.append(step).append(':').append(comment("  ")).append(" ".repeat(indent + 1));
                out.append(flowText(text)).append('\n');
            }
            default -> {
                out.append(step).append(chance(4) ? ":   " : ": ");
                blockText(out, indent, text);
            }
        }
    }

    private void expression(StringBuilder out, int indent) {
        boolean wrapped = chance(2);
        int column = wrapped ? indent + 2 : indent;
        out.append(" ".repeat(indent));
        if (wrapped) {
            out.append("expression:").append(comment(" ")).append(" ".repeat(column));
        }
        String language = chance(2) ? "simple" : "constant";
        if (chance(3)) {
            out.append(language).append(":\n").append(" ".repeat(column + 2)).append("trim: false\n");
            out.append(" ".repeat(column + 2)).append("expression: ");
            blockText(out, column + 2, null);
        } else {
            out.append(language).append(": ");
            blockText(out, column, null);
        }
    }

    private String flowExpression() {
        String language = chance(2) ? "simple" : "constant";
        String text = chance(2) ? flowText(null) : "{ expression: %s }".formatted(flowText(null));
        String inner = chance(3) ? "{\"%s\":%s}".formatted(language, text) : "{ %s: %s }".formatted(language, text);
        return chance(2) ? inner : "{ expression: %s }".formatted(inner);
    }

    /** A text in the only way that is right everywhere. */
    private String flowText(String text) {
        String chosen = text == null ? one() : text;
        return chance(2)
                ? "'%s'".formatted(chosen.replace("'", "''"))
                : "\"%s\"".formatted(chosen.replace("\\", "\\\\").replace("\"", "\\\""));
    }

    private void blockText(StringBuilder out, int indent, String text) {
        String space = " ".repeat(indent + 1 + random.nextInt(4));
        switch (text == null ? random.nextInt(5) : 0) {
            case 1 -> {
                out.append("plain words")
                        .append(chance(2) ? "" : "\n%sgo on".formatted(space))
                        .append(comment(" "));
            }
            case 2 -> {
                out.append(List.of("|", "|-", ">", ">-", "|+").get(random.nextInt(5)))
                        .append(comment(" "));
                out.append(space).append(one()).append("\n");
                if (chance(2)) {
                    out.append("\n")
                            .append(space)
                            .append("  # no comment\n")
                            .append(space)
                            .append(one())
                            .append("\n");
                }
            }
            case 3 ->
                out.append("\"in\n%stwo \\\n%slines\"".formatted(space, space)).append(comment(" "));
            case 4 -> out.append("'in\n\n%s two'".formatted(space)).append(comment("   "));
            default -> out.append(flowText(text)).append(comment(" "));
        }
    }

    private String one() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private String comment(String space) {
        return chance(3) && !space.isEmpty() || space.isEmpty() ? "%s# c%d\n".formatted(space, ++comments) : "\n";
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }
}
