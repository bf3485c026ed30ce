/** What `--help` prints. */
export const usage = `Usage: npm run -s glidepath -- COMMAND

  ups list [--json]
      Every UPS on USB and on the configured NUT and apcupsd servers, with its state.
  ups dump [--raw] [--serial] [-o FILE] [UPS]
      What a UPS on USB tells, as text for a bug report: its report descriptor and reports, and what they mean.
      --raw: only the bytes. --serial: with its serial number, which is left out otherwise.
      UPS: its id or name as "ups list" prints it; not needed if there is only one.
      "ups decode FILE FILE" reads the file back.
  ups decode DESCRIPTOR.hex PROFILE.tsv
      The values in captured reports, as one JSON object.
  ups watch [--for SECONDS]
      One line for every change, and one every 10 s. Ctrl+C ends it.

Ends with 0 when all is well, 1 after a fault, 2 when the command was not understood.
GLIDEPATH_DATA names the data folder, if it is not the usual one of the application.
`;
