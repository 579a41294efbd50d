package io.jenkins.plugins.obuilder.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

/** Points in time as people write and read them: in local time where no zone is named. */
final class Moments {
    private static final DateTimeFormatter TO_THE_MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private Moments() {}

    static String format(Instant instant) {
        return TO_THE_MINUTE.format(instant.atZone(ZoneId.systemDefault()));
    }

    static Instant parse(String option, String text) throws UserException {
        String iso = text.trim().replaceFirst("(?<=\\d) +(?=\\d)", "T");
        try {
            if (iso.indexOf('T') < 0) {
                return LocalDate.parse(iso).atStartOfDay(ZoneId.systemDefault()).toInstant();
            }
            TemporalAccessor parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, ZonedDateTime::from, LocalDateTime::from);
            return parsed instanceof ZonedDateTime zoned
                    ? zoned.toInstant()
                    : LocalDateTime.from(parsed).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeParseException e) {
            String example = TO_THE_MINUTE.format(LocalDateTime.now().minusDays(7));
            throw UserException.usage(
                    option + " " + text + ": write a day (" + example.substring(0, 10) + "), a local time (" + example
                            + ") or one with its zone ("
                            + Instant.now().minus(7, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS) + ")",
                    e);
        }
    }
}
