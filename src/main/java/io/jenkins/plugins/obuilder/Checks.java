package io.jenkins.plugins.obuilder;

import static java.nio.charset.StandardCharsets.UTF_8;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What forms can find out about a value from its text alone. Empty values are right: something else decides then. */
final class Checks {
    private static final Pattern STORE = Pattern.compile("(apfs|btrfs|overlayfs|rsync|xfs|zfs):/.*");
    private static final Pattern IMAGE = Pattern.compile("[^=\\s]+=[a-z-]+:.+");
    private static final Pattern SIZE = Pattern.compile("\\d{1,15}[KMGT]?");
    private static final Pattern SIZE_OR_SHARE = Pattern.compile("\\d{1,15}[KMGT]?|\\d{1,2}(\\.\\d{1,6})? ?%|100 ?%");
    private static final Pattern TIME = Pattern.compile("\\d{1,9}[smh]?");
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,4}(\\.\\d{1,3})?");
    private static final Pattern ACCOUNTS = Pattern.compile("\\d{1,9}(-\\d{1,9})?");

    private Checks() {}

    /** A spec: its mistake with line and caret, as the engine would tell it. */
    static FormValidation spec(@CheckForNull String text) {
        if (Texts.given(text) == null) {
            return FormValidation.ok();
        }
        try {
            // A form sends its lines with CR LF, jobs keep LF.
            SpecReader.read(text.replace("\r\n", "\n").getBytes(UTF_8), "spec");
            return FormValidation.ok();
        } catch (SpecException e) {
            return FormValidation.errorWithMarkup("<pre>" + Util.escape(e.getMessage()) + "</pre>");
        }
    }

    static FormValidation store(@CheckForNull String value) {
        return matches(value, STORE, Messages.Checks_store());
    }

    static FormValidation image(@CheckForNull String value) {
        return matches(value, IMAGE, Messages.Checks_image());
    }

    static FormValidation size(@CheckForNull String value) {
        return matches(value, SIZE, Messages.Checks_size());
    }

    static FormValidation sizeOrShare(@CheckForNull String value) {
        return matches(value, SIZE_OR_SHARE, Messages.Checks_sizeOrShare());
    }

    static FormValidation time(@CheckForNull String value) {
        return matches(value, TIME, Messages.Checks_time());
    }

    static FormValidation decimal(@CheckForNull String value) {
        return matches(value, DECIMAL, Messages.Checks_decimal());
    }

    static FormValidation accounts(@CheckForNull String value) {
        return matches(value, ACCOUNTS, Messages.Checks_accounts());
    }

    static FormValidation positive(@CheckForNull String value) {
        return Texts.given(value) == null ? FormValidation.ok() : FormValidation.validatePositiveInteger(value);
    }

    private static FormValidation matches(@CheckForNull String value, Pattern pattern, String otherwise) {
        return Texts.given(value) == null || pattern.matcher(value.strip()).matches()
                ? FormValidation.ok()
                : FormValidation.error(otherwise);
    }

    /** Checks every line; tells of the first that is wrong. */
    static FormValidation eachLine(@CheckForNull String value, Function<String, FormValidation> check) {
        return Texts.lines(value == null ? List.of() : List.of(value)).stream()
                .map(check)
                .filter(result -> result.kind != FormValidation.Kind.OK)
                .findFirst()
                .orElseGet(FormValidation::ok);
    }

    static ListBoxModel sandboxes() {
        return new ListBoxModel().add("").add("runc").add("user");
    }
}
