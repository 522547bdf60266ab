/** The business that the demo tells of, and the people in it. */
export const HOUSE = {
  name: 'Lanternworks',
  domain: 'lanternworks.example',
  /** The part that whoever runs the demo plays. */
  founder: { key: 'alex', name: 'Alex Carver', first: 'Alex' },
  about: 'Sensors and software that show where a building wastes energy, and what to do about it.',
} as const

export type Colleague = { key: string; name: string; first: string; title: string; role: 'user' | 'readonly' }

/** Whoever sells comes first: deals are shared out among the first three and the owner. */
export const COLLEAGUES: readonly Colleague[] = [
  { key: 'mara', name: 'Mara Lindqvist', first: 'Mara', title: 'Head of sales', role: 'user' },
  { key: 'tomas', name: 'Tomas Okafor', first: 'Tomas', title: 'Account executive', role: 'user' },
  { key: 'ayla', name: 'Ayla Demir', first: 'Ayla', title: 'Account executive', role: 'user' },
  { key: 'priya', name: 'Priya Raman', first: 'Priya', title: 'Solutions engineer', role: 'user' },
  { key: 'jonas', name: 'Jonas Weber', first: 'Jonas', title: 'Customer success', role: 'user' },
  { key: 'elena', name: 'Elena Duarte', first: 'Elena', title: 'Finance and operations', role: 'user' },
  { key: 'ines', name: 'Ines Moreau', first: 'Ines', title: 'Adviser', role: 'readonly' },
]

/** An industry: what its companies are called, what hurts them, and where their buildings are. */
export type Industry = {
  name: string
  suffixes: readonly string[]
  sites: string
  pain: string
  finding: string
  employees: readonly [number, number]
}

export const INDUSTRIES: readonly Industry[] = [
  {
    name: 'Hotels',
    suffixes: ['Hotels', 'Inns', 'Hospitality Group'],
    sites: 'hotels',
    pain: 'the laundries and kitchens run through the night although nobody needs them',
    finding: 'two of five boilers in the laundry were heating an empty loop',
    employees: [180, 2400],
  },
  {
    name: 'Cold storage',
    suffixes: ['Cold Storage', 'Frost Logistics', 'Chill Chain'],
    sites: 'cold stores',
    pain: 'the compressors defrost on a timer and not when it is needed',
    finding: 'defrosting by need alone would save a tenth of the compressor power',
    employees: [90, 900],
  },
  {
    name: 'Grocery retail',
    suffixes: ['Markets', 'Foods', 'Grocers'],
    sites: 'shops',
    pain: 'the refrigerated cabinets lose more at night than by day',
    finding: 'the night blinds of every third cabinet are never closed',
    employees: [400, 5200],
  },
  {
    name: 'Health care',
    suffixes: ['Clinics', 'Health', 'Hospital Trust'],
    sites: 'clinics',
    pain: 'the ventilation of the theatres runs at full power at weekends',
    finding: 'four theatres were ventilated for operations that nobody had planned',
    employees: [600, 4800],
  },
  {
    name: 'Universities',
    suffixes: ['University', 'Institute of Technology', 'College'],
    sites: 'faculties',
    pain: 'the fume cupboards of the laboratories stay open through the holidays',
    finding: 'one chemistry floor uses as much as the library and both canteens',
    employees: [500, 4000],
  },
  {
    name: 'Offices',
    suffixes: ['Properties', 'Workspaces', 'Estates'],
    sites: 'office buildings',
    pain: 'cooling and heating fight each other on the same floors',
    finding: 'the two systems worked against each other for nine hours a day in May',
    employees: [60, 800],
  },
  {
    name: 'Food production',
    suffixes: ['Bakeries', 'Dairies', 'Kitchens'],
    sites: 'plants',
    pain: 'steam is lost between the boiler house and the lines, and nobody knows where',
    finding: 'eleven steam traps on line two were open all the time',
    employees: [150, 1600],
  },
  {
    name: 'Logistics',
    suffixes: ['Logistics', 'Freight', 'Distribution'],
    sites: 'warehouses',
    pain: 'the halls are heated while the dock doors stand open',
    finding: 'door 14 alone stood open for six hours a day',
    employees: [200, 3000],
  },
  {
    name: 'Leisure',
    suffixes: ['Pools', 'Sports Clubs', 'Leisure Centres'],
    sites: 'pools',
    pain: 'the pool water is heated to the same degree whether there are guests or not',
    finding: 'the heat of the shower water would warm the small pool',
    employees: [40, 500],
  },
  {
    name: 'Textiles',
    suffixes: ['Textiles', 'Mills', 'Weaving'],
    sites: 'mills',
    pain: 'compressed air leaks away and the compressors never rest',
    finding: 'a third of the compressed air never reached a loom',
    employees: [120, 1100],
  },
]

/** One for each company: the first halves of their names. */
export const COMPANY_NAMES: readonly string[] = [
  'Alderbrook', 'Ashdown', 'Baltica', 'Beacon Hill', 'Birchwood', 'Bluewater', 'Bramble', 'Brightside', 'Calder',
  'Castellan', 'Cedar Gate', 'Clearwell', 'Corvina', 'Crossfield', 'Dalmore', 'Delphin', 'Eastmark', 'Edelholz',
  'Elmstone', 'Fairhaven', 'Falkenau', 'Fernhill', 'Fjordland', 'Foxglove', 'Glenmoor', 'Goldcrest', 'Granary',
  'Greystone', 'Halden', 'Harbourline', 'Hartwell', 'Hazelden', 'Highmere', 'Ironbridge', 'Juniper', 'Kestrel',
  'Kingsway', 'Larkspur', 'Linden', 'Longford', 'Maplewood', 'Marisol', 'Meridian', 'Millrace', 'Montclair',
  'Northgate', 'Oakhurst', 'Orchard', 'Pinecrest', 'Quayside', 'Ravenna', 'Redwick', 'Rosenthal', 'Sandgate',
  'Silverline', 'Southmoor', 'Thornbury', 'Valmont', 'Westerly', 'Windermark',
] // prettier-ignore

export const CITIES: readonly (readonly [city: string, country: string, zone: string])[] = [
  ['Bremen', 'Germany', 'Europe/Berlin'],
  ['Leeds', 'United Kingdom', 'Europe/London'],
  ['Lyon', 'France', 'Europe/Paris'],
  ['Gothenburg', 'Sweden', 'Europe/Stockholm'],
  ['Porto', 'Portugal', 'Europe/Lisbon'],
  ['Rotterdam', 'Netherlands', 'Europe/Amsterdam'],
  ['Graz', 'Austria', 'Europe/Vienna'],
  ['Boston', 'United States', 'America/New_York'],
  ['Portland', 'United States', 'America/Los_Angeles'],
  ['Aarhus', 'Denmark', 'Europe/Copenhagen'],
]

export const FIRST_NAMES: readonly string[] = [
  'Adele', 'Ahmed', 'Aiko', 'Alice', 'Amara', 'Andrei', 'Anja', 'Anton', 'Beatriz', 'Bjorn', 'Camille', 'Carlos',
  'Chiara', 'Claire', 'Daniel', 'Diego', 'Dorota', 'Edith', 'Emil', 'Esther', 'Fatima', 'Felix', 'Fiona', 'Gabriel',
  'Greta', 'Hanna', 'Hugo', 'Ida', 'Imran', 'Ingrid', 'Ivan', 'Jasmin', 'Johan', 'Julia', 'Karim', 'Katrin', 'Kofi',
  'Laura', 'Leon', 'Lucia', 'Magnus', 'Marta', 'Matteo', 'Mei', 'Milan', 'Nadia', 'Nils', 'Olga', 'Omar', 'Paula',
  'Pavel', 'Rafael', 'Rosa', 'Samuel', 'Sofia', 'Stefan', 'Tariq', 'Tessa', 'Vera', 'Yusuf',
] // prettier-ignore

export const LAST_NAMES: readonly string[] = [
  'Abbott', 'Acheson', 'Almeida', 'Andersen', 'Baker', 'Bauer', 'Bergman', 'Bianchi', 'Blake', 'Bouchard', 'Brandt',
  'Carter', 'Castro', 'Chen', 'Costa', 'Dahl', 'Dvorak', 'Eriksen', 'Farrell', 'Ferreira', 'Fontaine', 'Foster',
  'Garcia', 'Gibson', 'Haas', 'Hansen', 'Haddad', 'Hoffmann', 'Holm', 'Ibrahim', 'Ivanova', 'Jansen', 'Keller', 'Khan',
  'Kowalski', 'Kruger', 'Lang', 'Larsen', 'Leclerc', 'Lopez', 'Marchetti', 'Marsh', 'Mendes', 'Meyer', 'Moretti',
  'Nakamura', 'Novak', 'Obi', 'Olsen', 'Osei', 'Park', 'Pereira', 'Petrov', 'Quinn', 'Reid', 'Richter', 'Rossi',
  'Santos', 'Sato', 'Schmidt', 'Silva', 'Singh', 'Sommer', 'Steiner', 'Svensson', 'Tanaka', 'Torres', 'Vogel', 'Walsh',
  'Winter', 'Yilmaz', 'Zhang',
] // prettier-ignore

/** Titles of contacts and the part they play in a deal; the first of a company decides. */
export const TITLES: readonly (readonly [title: string, part: string])[] = [
  ['Head of facilities', 'decision maker'],
  ['Energy manager', 'champion'],
  ['Chief financial officer', 'economic buyer'],
  ['Site engineer', 'user'],
  ['Procurement lead', 'procurement'],
  ['Sustainability officer', 'influencer'],
]
