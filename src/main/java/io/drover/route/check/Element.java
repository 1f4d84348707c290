package io.drover.route.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A value of a route file that has a place in Camel's model.
 *
 * @param type   as {@link CamelModel} names it
 * @param name   of the member that holds it, such as {@code to}
 * @param key    where that name stands
 * @param value  one of a list where the member holds a list
 * @param holder what it belongs to, or null for an entry of the file
 */
record Element(String type, String name, Yaml key, Yaml value, @Nullable Element holder) {

    /** The entries of a file. */
    static List<Element> entries(Yaml root) {
        List<Element> entries = new ArrayList<>();
        for (Yaml item : root.items()) {
            for (Yaml.Member member : item.members()) {
                entries.add(of(CamelModel.ENTRY, member, member.value(), null));
            }
        }
        return entries;
    }

    private static Element of(String type, Yaml.Member member, Yaml value, @Nullable Element holder) {
        String name = CamelModel.name(member.name());
        return new Element(CamelModel.type(type, name), name, member.key(), value, holder);
    }

    /** What belongs to it; nothing where the model does not say what its content is. */
    List<Element> members() {
        List<Element> members = new ArrayList<>();
        if (!type.equals(CamelModel.PLAIN)) {
            for (Yaml.Member member : value.members()) {
                if (member.value().items().isEmpty()) {
                    members.add(of(type, member, member.value(), this));
                } else {
                    member.value().items().forEach(item -> members.add(of(type, member, item, this)));
                }
            }
        }
        return members;
    }

    /** Visits it and all that belongs to it, in the order of the file. */
    void walk(Consumer<Element> visitor) {
        visitor.accept(this);
        members().forEach(member -> member.walk(visitor));
    }

    boolean isStep() {
        return holder != null && holder.type.equals(CamelModel.STEP);
    }

    boolean isLanguage() {
        return CamelModel.isLanguage(type);
    }

    /** Whether it repeats its steps while its expression is true, and not as often as that says. */
    boolean isWhile() {
        return name.equals("loop") && text("doWhile").equalsIgnoreCase("true");
    }

    /** From 1, of the member's name. */
    int line() {
        return key.line();
    }

    @Nullable
    Yaml get(String member) {
        return value.members().stream()
                .filter(found -> CamelModel.name(found.name()).equals(member))
                .map(Yaml.Member::value)
                .findFirst()
                .orElse(null);
    }

    /** The text of a member, or an empty string. */
    String text(String member) {
        Yaml found = get(member);
        return found == null ? "" : found.text();
    }

    /** The text of an expression, also where it is all that is written. */
    @Nullable
    Yaml expression() {
        return value.isScalar() ? value : get("expression");
    }

    /** The expressions in some language that it has itself. */
    List<Element> languages() {
        List<Element> found = new ArrayList<>();
        for (Element member : members()) {
            if (member.isLanguage()) {
                found.add(member);
            } else if (member.name.equals("expression")) {
                found.addAll(member.languages());
            }
        }
        return found;
    }

    /** The step or the clause that it belongs to: what holds its {@code expression}, where it is one. */
    String clause() {
        Element clause = holder;
        while (clause != null && clause.name.equals("expression")) {
            clause = clause.holder;
        }
        return clause == null ? "" : clause.name;
    }
}
