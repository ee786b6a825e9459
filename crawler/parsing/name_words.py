"""Words that are names of persons, and words that are not. Data for `names`, folded: lower case
letters without accents."""

from __future__ import annotations

from crawler.parsing.wording import words

GIVEN = words(
    """
    abdallah abdelkader abdou abdoul abdoulaye abdrahamane abdramane abel abib abibatou
    aboubacar aboubacrine achille adam adama adamou adele adiza adja adjara adjaratou adjoa
    adjoua adrien affoussatou afi agathe agnes ahmadou ahmed aicha aissa aissata aissatou akissi
    akoua akouvi alain alassane albert alex alexandre alexis alfred ali alice alidou aline aliou
    alioune allassane almamy alpha alphonse alzouma amadou amani ambroise ami amidou amina
    aminata amos anatole andre ange angele anicet anne antoine antoinette apollinaire apolline
    arlette armand armel arnaud arsene arthur assa assane assetou assita assitan astou athanase
    augustin aurelie awa aya ayawa ayoub aziz aziza baba babacar badara badra bakary balkissa
    baptiste barthelemy basile bassirou batoma benjamin benoit bernadette bernard bertin
    bertrand bienvenu binta bintou blaise blandine boniface bouba boubacar boubou boukary
    bourama brahim brahima brice brigitte brou bruno bryan cecile celestin celestine cesaire
    chantal chantale charles charlotte cheick cheickna cheikh cherif christelle christian
    christiane christine christophe claire clarisse claude claudine clemence clement clementine
    coffi colette constant constantin cyprien cyriaque cyrille daba dado damien daniel daouda
    david delphine denis denise desire didier dieudonne djeneba djenebou djibo djibril djibrilla
    dominique donald donatien dramane edgard edith edmond edouard edwige eli elias elie
    elisabeth elise eloi emile emilie emilienne emma emmanuel epiphane eric ernest ernestine
    esaie esther etienne eugene eugenie evariste eve evelyne fabien fabrice fadima fanta fatim
    fatima fatimata fatimatou fatou fatouma fatoumata faustin felicien felicite felix ferdinand
    fernand fiacre fidele firmin flavien fleur florence florent florentin fousseni fousseyni
    francine francis franck francois francoise freddy frederic gabriel gael gaetan gaoussou
    gaston genevieve georges georgette gerald gerard germain germaine gervais ghislain gilbert
    gildas gilles gisele gladys gloria goundo grace gregoire guillaume gustave guy habib habibou
    haby hadiza hadja halidou halima hama hamadi hamadou hamani hamed hamidou hamza haoua
    harouna hassan hassana hassane hawa helene henri henriette herve hilaire hippolyte honore
    honorine hortense houssein housseini hubert hugues hyacinthe ibrahim ibrahima idrissa ignace
    innocent inoussa irene isaac isabelle isaie ismael ismaila issa issaka issiaka issifou
    issouf issoufi issoufou jacob jacqueline jacques jean jeanne jeannette jeremie jerome
    joachim joel joelle jonas jonathan jose joseph josephine joslin josue jules julie julien
    julienne juliette juste justin justine kader kadi kadia kadiatou kadidia kadidiatou kalifa
    kalilou kamissa karamoko karim karine kassim kassoum katia keletigui kevin khadidia khadija
    khady khalil kodjo kodjovi koffi kofi kokou komi komla komlan konan korotoumou kossi kossiwa
    kouadio kouakou kouame kouassi kwame laetitia lala lamine lamoussa landry lansana lansine
    larissa lassana lassane lassina lassine laure laurence laurent lazare leandre leon leonard
    leonce leonie leontine leopold louis louise luc lucas lucie lucien lucienne ludovic lydia
    lydie madeleine madina madou mady magloire mahamadi mahamadou mahaman mahamane mahamat
    mahamoudou maimouna makan malick malika mamadi mamadou mamady mamane mamary mame mamoudou
    manou marc marcel marcelin marceline marcelle marguerite mariam mariama marie marielle
    mariem marieme mariette marina martial martin martine massa massamba mathias mathieu
    mathurin matthieu maurice maxime melanie merveille michel michele mireille moctar modeste
    modibo mody mohamed mohammed moise momo monique moriba mory mouctar mouhamadi mouhamadou
    mouhamed moukaila mounkaila moussa moustapha nadege nadia nafissatou nana narcisse natacha
    nathalie nathan ndeye ndiaga nestor nicaise nicolas nicole noel noelle norbert noufou nouhou
    nouhoum odette odile olga olivier omar omer oswald oumar oumarou oumou ousmane ousseni
    ousseynou pamela papa pape parfait pascal pascaline patience patrice patricia patrick paul
    paulin pauline pelagie philippe philomene pierre placide precieux prosper prudence prudent
    rachel rachid rachida rahim ramata ramatou ramatoulaye raoul raphael rasmane raymond rebecca
    regina regis reine remi renaud rene richard rigobert robert roch rodolphe rodrigue roger
    rokia rokiatou roland romain romaric romuald rosalie rose rosine ruth sabine sadio safi
    safiatou sagesse saibou saidi saidou salam salamata salif salifou salimata salimatou salou
    sam samba samira samson samuel sandrine sanni sanou sara sarah sebastien sekou seni serge
    serges severin seydina seydou seyni siaka sidi sidiki sidy sika simeon simon simplice sira
    smaila solange soleymane sonia sophie souleymane soumaila stanislas stephane stephanie
    suzanne sylvain sylvestre sylvie tahirou tata tene thecle theodore theophane theophile
    therese thierno thierry thomas tidiane tiemoko timothee titus toussaint urbain ursule
    valentin valentine valerie venance veronique victoire victor victorien vincent virginie
    viviane vivien wilfrid wilfried xavier yacouba yahaya yahya yao yaya yero yolande youba
    youssouf youssoufou yves yvette yvonne zakari zakaria zara zeinab zeinabou zenabou zoumana
    """
)
"""Given names of the region."""

FAMILY = words(
    """
    adamou adjovi adou agbo agbodjan agossou aguiar ahouissou akakpo akpovi alao alassane
    almeida amegan amoussou anago assogba assoumou ateba attaher attiogbe azondekon azoumah ba
    bado bagayogo bagayoko bah bakayoko balde ballo bamba bambara bangoura barry bassole bathily
    bazie beavogui bekale berthe biyogo bokassa boly bongo bonkoungou bouda boukari boundaone
    bozize camara cisse cissoko compaore conde coulibaly dabire dagnogo dao daou dembele deme
    diabate diaby diagne diakite diallo diarra diarrassouba diasso diatta diawara dicko diedhiou
    dieng diop diouf djibo djire dolo dosso dossou doucoure doukoure doumbia doumbo doumbouya
    drabo drame edou engone essono eyadema ezin fadiga fall faye fofana gadio gansonre gaye
    gbagbo gbedji gbeto gnassingbe gning goita gomez gomis guei gueye guindo guira guiro guissou
    hien houngbedji houngbo hounkpatin hounsou idani ilboudo kabore kafando kamara kamate
    kambire kane kante karambiri kassogue keita kere kiemtore kima kinda koanda koita kombate
    kombo kompaore konan konate kone kouadio kouakou kouame kouassi kouda koulibaly kouyate
    kpatcha kpodar kuassi lawani lawson loum ly mahamane maiga mane mangane mba mbarga mbaye
    meite mendy mensah millogo minoungou moumouni moyenga nabaloum nacanabo nacro nana ndao
    ndiaye ndong ndour ngoma ngoran nguema nguessan niane niang niangaly niare nikiema nimaga
    nzouba obame obiang ondo ouattara ouedraogo oumarou ouoba ouologuem ousmane palenfo quenum
    rabo sacko sagna samake samassekou samb sambou sana sanfo sangare sankara sanogo sanon sanou
    sarr savadogo sawadogo seck segda semde sene senou sere seye sidibe sidime sigue sima
    simpore sissao sissoko soglo soglohoun somda some soro sory sosso sou soulama soumahoro
    soumare sow sylla tall tamboura tamini tandia tandjan tapsoba tarnagda tchalla tchedji telly
    tembely tembine thiam thiaw thiero tiemtore tiendrebeogo toe togola tore tounkara toure
    traore vieira wade wane yabre yameogo yao yapi yattara yebarth yoda yonli youm zerbo zida
    zinsou zinzindohoue zio zohoun zongo zoungrana zoure
    """
)
"""Family names of the region."""

TITLES = words(
    """
    abbe docteur dr ing maitre me mlle mme pr prof professeur
    """
)
"""Titles that stand before a signer's name and are part of what the page shows."""

PARTICLES = words(
    """
    " "epouse ag al alias ben bin d da das de des dit dite do dos du el epse hadj hadja hadji
    ibn la le mint nee oul ould van veuve von
    """
)
"""Small words within a name."""

ORDINARY = words(
    """
    a abidjan abonnement abonnez ac accord accra accueil actualite actualites adieu adjudant
    administration affaire affaires africa africain africaine africaines africains afrique agadez
    agriculture aigle aigles airlines airways algerie allah allemagne ambassade amen amnesty an
    analyse ancien ancienne annee annees annexe anniversaire annonce appel armee article articles
    arts assemblee association assurance assurances athletic athletisme attaque au aube aux avant
    avec avenue avis bamako bangui bank banque basket basketball bassam bataille belgique benin bien
    bilan bissau bobo bon bonjour bonne bonnes bonsoir bouake boulevard boxe brasserie bravo bref
    bruxelles budget bureau burkina cabinet cadets cadettes cameroun camp canada cap capitaine
    caporal cardinal carnet carrefour carton cas cathedrale cause ce cedeao cellule centrafrique
    central centre cercle ces cet cette chambre champ champion champions chaos chapitre charte chef
    cheffe chefs chers chiffres chine choc cinema citation cite civil clin club coach code collectif
    college colonel combat comite commandant comment commentaire commentaires commissaire commission
    communal communaute commune communique company compte conakry conclusion concours confederation
    conference confidence conflit congo congres conseil constitution constitutionnel contact
    contexte contrat contre cooperation coordination corps corruption cote coton cotonou coup coupe
    cour courrier cours cp crise crises croix culture cyclisme dakar daloa dame dames debat debats
    decentralisation deces decision declaration decret defense defi demain depute deputes dernier
    derniere dernieres des destin dette developpement dialogue dieu dimanche dioulasso directeur
    direction directrice discours division document donc dossier douanes droit droits echo echos
    ecole economie economique editorial education egalite eglise election elections elephants elle
    elles emir emploi en encadre energie energies enfin enquete ensemble entraineur entree
    entreprise entretien environnement epoque equipe esperance espoir et etalons etat etats etranger
    etrangere etrangeres etude etudes europe europeen europeenne evenement examen excellence exemple
    face fait faits famille faso fc federation felicitations felicitez femme femmes festival fete
    fetes feu filiere fils fin final finale finances flash foire foncier fonction fonctionnaires
    fondation fonds foot football force forces formation forum foundation francais francaise france
    front gabon gao garde gazette gendarmerie general generale gestion ghana global golf gouvernance
    gouvernement gouverneur grand grande grandes grands greve group groupe gueguerre guerre guinee
    habitat handball haut haute hauts hebdo hebdomadaire histoire holding hommage hommages homme
    hommes honneur honorable hopital horizons hotel human humanitaire ici ii il ils imam imamat
    impunite independant indice industrie info infos initiative insecurite inspecteur institut
    institution instruction intelligence interieur international interview introduction invite islam
    ivoire ivoirien ivoirienne jamais janvier je jeu jeudi jeunes jeunesse jeux jour journal
    journalistes journee journees joyeuse joyeux judo juge juillet juin juniors jury justice kara
    karate kayes kidal ko korhogo koulikoro kura la lac lagos laureats le lecture les lettre libere
    liberes libreville lieutenant ligue lire liste livre locale logement loi lois lome lors lundi
    lutte lycee madame mademoiselle magistrats mai maire mairie maison majeste mal mali malien
    malienne maliennes maliens manifestation maradi marche mardi maroc mars marseille match matin
    matinal mauritanie media medias mediation meeting memoire menace merci mercredi message
    messieurs mesures mgr migration militaire militaires mine mines ministere ministeriel ministre
    ministres mission mobile mobilisation mode moderne modernisation mois monde mondial mondiale
    monseigneur monsieur mopti mort morts mosquee motif mouvement municipal mur musique nation
    national nationale nationaux nations nature ndlr necrologie news niamey niger nigeria noel non
    nord note notre nouakchott nous nouveau nouveaux nouvelle nouvelles novo numero objectif
    observateur occasion office on onu operation opinion opposition or orange ordre organisation
    orientation origine ou ouagadougou ouest oui outre ouverture pacte page pages paix palais
    palmares panique pape par parakou paris parlement partage partager parti particulier partie
    partis pas passe patrimoine pays peche pedro penalty pendant perspective petit petite peuple
    phase photo photos piste place plainte plan plus poeme point police politique populaire
    population populations port porte porto portrait pour pouvoir prefet premier premiere premieres
    preparatifs pres presidence president presidente presidentielle presse pression preuve
    prevention primaire prison prive prix proces processus prochain prochaine procureur production
    profil programme progres projet promotion protection province ps public publicite publique qatar
    qualite quand quartier que quel quelle question qui quoi quotidien radio ramadan rapport
    reaction reactions recherche recit recteur redaction reflexion reforme refugies regime region
    regional regionale regles reine relations remaniement rencontre rendez rentree repere reperes
    reportage repose reprise republicain republique resolution responsable resultat resultats retour
    retro reussite revision revolution rights roi rouge route routiere royaume rubrique rue russie
    sa saint saison salle salon salut san sans sante scandale science sciences scolaire secret
    secretaire secteur section securite segou selection semaine seminaire senat senateur senegal
    sergent serie service services sida sikasso sites situation social sociale societe soir sokode
    solidarite solution sommet son sos source sources sous soutenez soutenons soutien special
    speciale sport sporting sports stade stadium stages strategie structure sud suisse suite suivre
    sujet sultan super sur syndicat syndicats tabaski table tahoua tchad technologie telecom
    telecoms television temoignage temps terre terrorisme terroriste thies titre titres togo
    tombouctou tome ton touba tour tourisme tournoi tous tout toute toutes trafic trafiquants train
    trait transition transparence transport transports travail travaux tresor tribunal tribune
    trophee tunisie tv un une unie unies union unis unite universite university urgence urgent usa
    vacances vainqueur vendredi verite vers victime victimes victoires vie vieux ville violence
    violences visite vive vivement vivre voici voie voila voir voisinage voix volleyball vote votez
    votons votre vous vu wait watch week xenophobie y yamoussoukro yaounde yeux ziguinchor zinder
    zone
    """
)
"""Words of headlines, subheads and places that no person is called, though capitals adorn them."""

ENDINGS = tuple(
    words(
        """
        able ables age ages aire aires ance ances aux ees elle elles ence ences esse eurs
        euse eux ible ibles iere iers ique iques isme ismes iste istes ite ites ives logie
        ment ments oire oires sion ssion tion tions trice ure ures
        """
    )
)
"""Endings of ordinary words; a known name ending so is still a name."""

TOWNS = words(
    """
    abidjan abomey accra agadez atakpame bamako bambari bangui berberati bobodioulasso bouake
    bouar bruxelles conakry cotonou dakar daloa dapaong diffa divo djougou dori dosso
    fadangourma franceville gagnoa gao geneve kaolack kara kaya kayes kidal kita kolda korhogo
    koudougou koulikoro koutiala kpalime lagos libreville lome man maradi mopti natitingou
    niamey nioro nouakchott ouagadougou ouahigouya oyem parakou paris portgentil portonovo
    saintlouis sanpedro segou sikasso sokode tahoua tambacounda thies tillaberi tombouctou touba
    yamoussoukro yaounde ziguinchor zinder
    """
)
"""Towns that stand before a correspondent's name."""

NOBODY = words(
    "admin administrateur administrator anonyme auteur author default editeur editor invite root "
    "superadmin superuser unknown user utilisateur webmaster webmestre wordpress"
)
"""Accounts that publishing systems name as the author."""
