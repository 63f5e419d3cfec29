/**
 * Units that are common where data are taken, and that SciCat reads as they are meant: those that editors offer, and for
 * which its library need not be asked.
 */
export const commonUnits: readonly string[] = [
  'K', 'mK', 'degC', 'Pa', 'mbar', 'bar', 'T', 'mT', 'V', 'mV', 'kV', 'A', 'mA', 'uA', 'W', 'ohm', 's', 'ms', 'us', 'ns',
  'min', 'h', 'm', 'cm', 'mm', 'um', 'nm', 'angstrom', '1/angstrom', '1/nm', 'keV', 'eV', 'meV', 'Hz', 'kHz', 'MHz', '1/s',
  'm/s', 'deg', 'rad', 'mrad', 'g', 'mg', 'kg', 'mol', 'mol/L', 'mL', 'uAh', 'pC', 'm^2', 'mm^2', 'cm^3', 'K/min',
]; // prettier-ignore
