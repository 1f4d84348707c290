package io.drover.console;

import io.drover.api.RolloutInfo;
import io.drover.rollout.Evidence;
import io.drover.rollout.RolloutLook;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The shares of bad tasks on both sides of a rollout, by how many were compared, as lines of an SVG.
 *
 * @param candidate the points of a polyline
 * @param control   the same of the control
 * @param most      the share at the upper edge, in percent
 */
public record Curve(Evidence last, String candidate, String control, int most) {

    static final int WIDTH = 600;
    static final int HEIGHT = 120;

    private static final List<Integer> SCALES = List.of(5, 10, 20, 50, 100);

    /** One of each guardrail. */
    static List<Curve> of(RolloutInfo rollout) {
        List<Evidence> last = present(rollout.evidence());
        List<RolloutLook> looks = present(rollout.looks());
        List<Curve> curves = new ArrayList<>();
        for (Evidence guardrail : last) {
            List<Evidence> points = new ArrayList<>();
            looks.forEach(look -> look.evidence().stream()
                    .filter(one -> one.guardrail().equals(guardrail.guardrail()) && one.pairs() > 0)
                    .forEach(points::add));
            if (guardrail.pairs() > 0) {
                points.add(guardrail);
            }
            double highest = points.stream()
                    .mapToDouble(one -> Math.max(share(one, Evidence::candidate), share(one, Evidence::control)))
                    .max()
                    .orElse(0);
            int most = SCALES.stream()
                    .filter(scale -> scale >= highest)
                    .findFirst()
                    .orElse(100);
            curves.add(new Curve(
                    guardrail, line(points, Evidence::candidate, most), line(points, Evidence::control, most), most));
        }
        return curves;
    }

    private static <T> List<T> present(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static String line(List<Evidence> points, ToLongFunction<Evidence> bad, int most) {
        if (points.isEmpty()) {
            return "";
        }
        long pairs = points.getLast().pairs();
        StringBuilder line = new StringBuilder(); // from the left edge, or a single point would be no line
        line.append(String.format(Locale.ROOT, "0,%.1f ", HEIGHT - HEIGHT * share(points.getFirst(), bad) / most));
        for (Evidence point : points) {
            line.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    (double) WIDTH * point.pairs() / pairs,
                    HEIGHT - HEIGHT * share(point, bad) / most));
        }
        return line.toString().strip();
    }

    private static double share(Evidence point, ToLongFunction<Evidence> bad) {
        return 100.0 * bad.applyAsLong(point) / point.pairs();
    }
}
